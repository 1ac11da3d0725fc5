"""Exports the averaged weights of a checkpoint as ONNX, with a manifest.

    python export.py --weights last.pt --out ..                       # pspnet-lite, fp32 and fp16
    python export.py --weights last.pt --out .. --name pspnet-wasm --width 304 --height 176 --precision fp32

Every file is run once in ONNX Runtime and compared with the torch network before it replaces an
older one. ``--state FILE`` also writes the averaged weights, unfolded and in half precision, from
which training can go on (``train.py --init FILE``).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from pathlib import Path

import onnx
import torch
from torch import Tensor

import checkpoint
import manifest
from checkpoint import CheckpointError
from evaluate import onnx_predictor, torch_predictor
from graph import build
from network import PSPNet, count_macs, count_parameters
from sentence import Arguments, ends_in_a_sentence


def compare(path: Path, net: PSPNet, images: list[Tensor]) -> tuple[float, float]:
    """Largest difference of logits, and the share of cells whose class agrees, against torch."""
    run, exact = onnx_predictor(path)[0], torch_predictor(net, fast=False)
    worst, same, cells = 0.0, 0, 0
    for x in images:
        a, b = run(x), exact(x)
        worst = max(worst, float((a - b).abs().max()))
        same += int((a.argmax(0) == b.argmax(0)).sum())
        cells += a[0].numel()
    return worst, same / cells


def test_images(width: int, height: int) -> list[Tensor]:
    """Smooth noise: some structure at every scale, and nobody's photograph."""
    torch.manual_seed(0)
    layers = [torch.nn.functional.interpolate(torch.randn(4, 3, n, n), (height, width), mode="bicubic")
              for n in (2, 5, 12, 40)]
    return list((sum(layers) * 0.8).clamp(-1.8, 2.2))


def export(weights: str, out: Path, name: str, version: str, width: int, height: int,
           precisions: list[str]) -> None:
    net = checkpoint.network_of(weights)
    written = []
    for precision in precisions:
        path = out / f"{name}.{precision}.onnx"
        beside = path.with_suffix(".part")
        model = build(net, width, height, half=precision == "fp16")
        onnx.save(model, beside)
        worst, same = compare(beside, net, test_images(width, height))
        if same < 0.98:
            beside.unlink()
            raise CheckpointError(f"{path.name} disagrees with torch on {100 * (1 - same):.1f} % of the cells")
        os.replace(beside, path)
        written.append((precision, path))
        kinds = Counter(n.op_type for n in model.graph.node)
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB, logits within {worst:.4f} of torch, "
              f"{100 * same:.2f} % of cells alike; " + ", ".join(f"{k} {v}" for k, v in sorted(kinds.items())))
    manifest.write(manifest.describe(net.config, name, version, width, height, written), out / f"{name}.json")
    print(f"{name}: {count_parameters(net) / 1e6:.2f} M parameters, "
          f"{count_macs(net, width, height) / 1e9:.2f} GMAC at {width}x{height}")


def export_state(weights: str, path: Path) -> None:
    """The averaged weights in the form that --init reads; kernels in half precision."""
    state = checkpoint.read(weights)
    half = {k: v.half() if v.ndim > 1 else v for k, v in state["ema"].items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    checkpoint.save({"network": state["network"], "ema": half}, path)


@ends_in_a_sentence(CheckpointError, ValueError, OSError)
def main(argv: Arguments = None) -> None:
    p = argparse.ArgumentParser(description="Export a trained network as ONNX with a manifest.")
    p.add_argument("--weights", required=True, help="checkpoint or weights/*.pt")
    p.add_argument("--out", type=Path, help="folder for the ONNX files and the manifest")
    p.add_argument("--name", help="default: the network's own name")
    p.add_argument("--version", default="0.1.0")
    p.add_argument("--width", type=int, default=480)
    p.add_argument("--height", type=int, default=288)
    p.add_argument("--precision", action="append", choices=("fp32", "fp16"), help="default: both")
    p.add_argument("--state", type=Path, help="also write the weights for train.py --init")
    args = p.parse_args(argv)
    torch.set_num_threads(2)
    if args.out:
        name = args.name or checkpoint.network_of(args.weights).config.name
        export(args.weights, args.out, name, args.version, args.width, args.height,
               args.precision or ["fp32", "fp16"])
    if args.state:
        export_state(args.weights, args.state)


if __name__ == "__main__":
    sys.exit(main())
