"""Time of ONNX files in native ONNX Runtime, interleaved, so that a busy machine hits all alike.

    python bench.py --threads 2 a.onnx b.onnx        # times relative to the first
    python bench.py --variants reference.onnx        # all shapes of config.py and EXPERIMENTS.md
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort

from config import NETWORKS, NetworkConfig
from graph import build
from network import PSPNet, count_macs, count_parameters

LITE = NETWORKS["lite"].to_dict()
DENSE = NETWORKS["dense"].to_dict()
VARIANTS: dict[str, tuple[dict, int, int]] = {
    "lite": (LITE, 480, 288),
    "lite, no detail": (LITE | {"detail": 0}, 480, 288),
    "lite, no detail, 304x176": (LITE | {"detail": 0}, 304, 176),
    "lite, 672x384": (LITE, 672, 384),
    "lite, no skip": (LITE | {"detail": 0, "skip": False}, 480, 288),
    "lite, stride 8": (LITE | {"output_stride": 8}, 480, 288),
    "lite, one block less": (LITE | {"blocks": (2, 2, 6, 2)}, 480, 288),
    "base": (NETWORKS["base"].to_dict(), 672, 384),
    "dense": (DENSE, 480, 288),
    "dense, stride 8": (DENSE | {"output_stride": 8}, 480, 288),
    "dense, narrower": (DENSE | {"stem": 24, "widths": (24, 48, 96, 168), "head": 96, "skip_head": 48}, 480, 288),
    "dense, wider": (DENSE | {"stem": 40, "widths": (40, 80, 160, 280), "head": 160, "skip_head": 80}, 480, 288),
}


def session(model: str | bytes, threads: int) -> tuple[ort.InferenceSession, dict]:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    s = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(0)
    feed = {i.name: rng.standard_normal([d if isinstance(d, int) else 1 for d in i.shape]).astype(
        np.float16 if "float16" in i.type else np.float32) for i in s.get_inputs()}
    return s, feed


def race(models: dict[str, str | bytes], threads: int, rounds: int) -> dict[str, float]:
    """Lowest quartile of milliseconds, each model once per round."""
    runners = {name: session(m, threads) for name, m in models.items()}
    times: dict[str, list[float]] = {name: [] for name in models}
    for turn in range(rounds + 1):
        for name, (s, feed) in runners.items():
            start = time.perf_counter()
            s.run(None, feed)
            if turn:
                times[name].append(1000 * (time.perf_counter() - start))
    return {name: float(np.percentile(t, 25)) for name, t in times.items()}


def main(argv: list[str] | None = None) -> int:
    p = argparse.ArgumentParser(description="Compare the speed of ONNX files.")
    p.add_argument("files", nargs="+", help="the first one is the reference")
    p.add_argument("--variants", action="store_true", help="also the shapes listed in this file, untrained")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--rounds", type=int, default=15)
    args = p.parse_args(argv)
    models: dict[str, str | bytes] = {Path(f).name: f for f in args.files}
    facts = {}
    if args.variants:
        for name, (shape, width, height) in VARIANTS.items():
            net = PSPNet(NetworkConfig.from_dict(shape))
            facts[name] = f"{count_parameters(net) / 1e6:.2f} M  {count_macs(net, width, height) / 1e9:.2f} GMAC"
            models[name] = build(net, width, height, half=False).SerializeToString()
    times = race(models, args.threads, args.rounds)
    reference = times[Path(args.files[0]).name]
    for name, ms in times.items():
        print(f"{name:42s} {ms:8.1f} ms  {ms / reference:5.2f}  {facts.get(name, '')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
