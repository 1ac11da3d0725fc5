"""Time of ONNX files in native ONNX Runtime, interleaved, so that a busy machine hits all alike.

    python bench.py --threads 2 a.onnx b.onnx        # times relative to the first
    python bench.py --variants reference.onnx        # all shapes that compare.py trains
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort

from compare import SHAPES
from config import NETWORKS, NetworkConfig
from graph import build
from network import PSPNet, count_macs, count_parameters

VARIANTS: dict[str, tuple[dict, int, int]] = {
    name: (NETWORKS[network].to_dict() | shape, width, height) for name, (network, shape, width, height) in SHAPES.items()
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
    p.add_argument("--variants", action="store_true", help="also the shapes of compare.py, untrained")
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
