"""Equal-budget comparisons: shapes of the network, and the recipe with one ingredient left out.

    python compare.py --data DATA --runs RUNS --kind shapes --images 2400 [--extra DRIVE]

Each variant trains from the same start, with the same seed and the same number of pictures, in a folder of its own
below RUNS; one that is finished is not run again. What is printed in the end is a table in Markdown.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import torch

import checkpoint
from config import NETWORKS, NetworkConfig
from data import quick_looks
from evaluate import score_with, torch_predictor
from network import PSPNet, count_macs, count_parameters

# name: (network, what differs of its shape, width, height)
SHAPES: dict[str, tuple[str, dict, int, int]] = {
    "`lite`": ("lite", {}, 384, 224),
    "one block more (`base`)": ("base", {}, 384, 224),
    "one block less": ("lite", {"blocks": (2, 2, 6, 2)}, 384, 224),
    "half the head": ("lite", {"head": 64, "skip_head": 32}, 384, 224),
    "output stride 8": ("lite", {"output_stride": 8}, 384, 224),
    "no detail branch": ("lite", {"detail": 0}, 384, 224),
    "no detail branch, no skip": ("lite", {"detail": 0, "skip": False}, 384, 224),
    "pyramid of one level, one cell": ("lite", {"bins": (1,)}, 384, 224),
    "`lite`, 480×288": ("lite", {}, 480, 288),
    "`lite`, 672×384": ("lite", {}, 672, 384),
    "dense, no ImageNet": ("dense", {}, 384, 224),
    "dense, no ImageNet, narrower": ("dense", {"stem": 24, "widths": (24, 48, 96, 168), "head": 96}, 384, 224),
}

# name: what differs of the recipe, of `lite` without its detail branch at the size of the file for WebAssembly
INGREDIENTS: dict[str, dict] = {
    "all": {},
    "no tone, lens, weather or codec": {"calm_from": -1e9, "calm_share": 1.0, "occluder": 0.0},
    "no other drive's light": {"look_share": 0.0},
    "no occluders": {"occluder": 0.0},
    "no calm end": {"calm_share": 0.0},
    "no balance of drives": {"drive_power": 0.0},
    "no frames of the drive": {"extra_share": 0.0},
    "no network-made classes": {"fine_weight": 0.0},
    "no auxiliary head": {"aux_weight": 0.0},
    "no level dropout": {"level_dropout": 0.0},
    "no class weights": {"weight_offset": 1e6},
    "class weights of before (1.06)": {"weight_offset": 1.06},
    "encoder at full rate": {"encoder_rate": 1.0},
    "stem and first stage trained": {"fixed": []},
}


def command(args: argparse.Namespace, run: Path, network: str, shape: dict, recipe: dict,
            width: int, height: int) -> list[str]:
    """train.py for one variant: one size of samples, which is the size it is scored at as well."""
    recipe = {"width": width, "height": height, "sizes": [[1.01, [[width, height, 1.0]]]]} | recipe
    words = [sys.executable, str(Path(__file__).with_name("train.py")), "--data", args.data, "--run", str(run),
             "--network", network, "--shape", json.dumps(shape), "--recipe", json.dumps(recipe),
             "--total-images", str(args.images), "--seed", str(args.seed),
             "--workers", str(args.workers), "--threads", "1"]
    return words + (["--extra", args.extra] if args.extra else [])


def outcome(run: Path, images: int) -> dict | None:
    """The last line of a finished run's log; None while it is not finished."""
    log = run / "log.jsonl"
    lines = log.read_text().splitlines() if log.exists() else []
    last = json.loads(lines[-1]) if lines else None
    return last if last and last["images"] >= images else None


def spoilt(run: Path, data: str, width: int, height: int) -> dict:
    """Scores on the same pictures as the run's own, but spoilt (``augment.spoilt``); computed once."""
    kept = run / "spoilt.json"
    if not kept.exists():
        predict = torch_predictor(checkpoint.network_of(run / "last.pt"))
        scores = {s.name: score_with(predict, s, width, height, spoil=True).summary()
                  for s in quick_looks(data)}
        kept.write_text(json.dumps(scores))
    return json.loads(kept.read_text())


def row(name: str, last: dict, worse: dict, network: str, shape: dict, width: int, height: int) -> str:
    net = PSPNet(NetworkConfig.from_dict(NETWORKS[network].to_dict() | shape))
    camvid, idd = last["val"]["camvid/val"], last["val"]["idd/val"]
    return (f"| {name} | {camvid['drivable']:.1f} | {camvid['miou11']:.1f} | {camvid['per_class']['pole']:.1f} | "
            f"{idd['drivable']:.1f} | {idd['groups7']:.1f} | "
            f"{worse['camvid/val']['miou11']:.1f} | {worse['idd/val']['groups7']:.1f} | {count_parameters(net) / 1e6:.2f} | "
            f"{count_macs(net, width, height) / 1e9:.2f} |")


def main(argv: list[str] | None = None) -> int:
    p = argparse.ArgumentParser(description="Train variants for equal budgets and print a table.")
    p.add_argument("--data", required=True, help="folder with camvid/ and idd/")
    p.add_argument("--runs", type=Path, required=True, help="folder for the runs, outside the repository")
    p.add_argument("--kind", choices=("shapes", "ingredients"), required=True)
    p.add_argument("--images", type=int, default=2400)
    p.add_argument("--extra", help="as of train.py")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--workers", type=int, default=2, help="as of train.py; 1, to run two comparisons side by side")
    p.add_argument("--only", action="append", help="a variant's name; default: all")
    args = p.parse_args(argv)
    variants = ({n: (network, shape, {}, w, h) for n, (network, shape, w, h) in SHAPES.items()} if args.kind == "shapes"
                else {n: ("lite", {"detail": 0}, recipe, 304, 176) for n, recipe in INGREDIENTS.items()})
    unknown = set(args.only or ()) - variants.keys()
    if unknown:
        print(f"error: there is no variant called {sorted(unknown)[0]}", file=sys.stderr)
        return 1
    torch.set_num_threads(args.workers)
    rows = []
    for index, (name, (network, shape, recipe, width, height)) in enumerate(variants.items()):
        if args.only and name not in args.only:
            continue
        run = args.runs / f"{args.kind}-{index}-{args.images}-{args.seed}"
        if outcome(run, args.images) is None:
            made = subprocess.run(command(args, run, network, shape, recipe, width, height), stdout=subprocess.DEVNULL)
            if made.returncode:
                return made.returncode
        last = outcome(run, args.images)
        if last is None:
            print(f"error: the run {run} was stopped before its end; the same command goes on", file=sys.stderr)
            return 1
        rows.append(row(name, last, spoilt(run, args.data, width, height), network, shape, width, height))
        print(rows[-1], file=sys.stderr, flush=True)
    print("| variant | CamVid drivable | CamVid 11 | pole | IDD drivable | IDD 7 groups | "
          "CamVid 11, spoilt | IDD 7 groups, spoilt | M parameters | GMAC |")
    print("| --- " * 10 + "|")
    print("\n".join(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
