"""How fast shapes train on this machine, on random pictures: forward, backward and a step of the optimizer.

    python speed.py [--threads 2] [--batch 12] [--kernels]

``--kernels`` times the gradients of single depthwise convolutions instead, which differ a great deal.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

import torch
import torch.nn.functional as F

from config import NETWORKS, NetworkConfig, Recipe
from network import PSPNet
from precision import bfloat16_pays

ROUNDS = 4


def seconds(run: Callable[[], object]) -> float:
    """The fastest of a few runs, after one to warm up."""
    run()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def training(config: NetworkConfig, fixed: tuple[str, ...], width: int, height: int, batch: int) -> float:
    """Pictures a second."""
    net = PSPNet(config).to(memory_format=torch.channels_last).train()
    for name in fixed:
        net.get_submodule(name).requires_grad_(False)
    optimizer = torch.optim.AdamW([p for p in net.parameters() if p.requires_grad], lr=1e-4)
    images = torch.randn(batch, 3, height, width).to(memory_format=torch.channels_last)
    fast = bfloat16_pays(torch.device("cpu"))

    def step() -> None:
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
            main, aux = net(images)
        optimizer.zero_grad(set_to_none=True)
        (main.float().square().mean() + aux.float().square().mean()).backward()
        optimizer.step()

    return batch / seconds(step)


def gradient(channels: int, height: int, width: int, kernel: int, stride: int, dilation: int, dtype: torch.dtype,
             batch: int) -> float:
    """Milliseconds of one depthwise convolution's backward pass."""
    x = torch.randn(batch, channels, height, width, dtype=dtype).to(memory_format=torch.channels_last).requires_grad_()
    w = torch.randn(channels, 1, kernel, kernel, dtype=dtype, requires_grad=True)
    y = F.conv2d(x, w, None, stride, kernel // 2 * dilation, dilation, channels)
    ones = torch.ones_like(y)
    return 1000 * seconds(lambda: torch.autograd.grad(y, (x, w), ones, retain_graph=True))


def main(argv: list[str] | None = None) -> int:
    p = argparse.ArgumentParser(description="How fast shapes train here.")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--batch", type=int, default=Recipe.batch)
    p.add_argument("--kernels", action="store_true", help="single depthwise convolutions instead")
    args = p.parse_args(argv)
    torch.set_num_threads(args.threads)
    if args.kernels:
        for channels, h, w, kernel, stride, dilation in ((144, 72, 120, 3, 1, 1), (96, 144, 240, 3, 2, 1), (240, 36, 60, 5, 1, 1),
                                                         (144, 72, 120, 5, 2, 1), (1152, 18, 30, 5, 1, 1), (1152, 18, 30, 5, 1, 2)):
            times = [gradient(channels, h, w, kernel, stride, dilation, dtype, args.batch)
                     for dtype in (torch.bfloat16, torch.float32)]
            print(f"{channels:5} x {h:3} x {w:3}  {kernel}x{kernel} stride {stride} dilation {dilation}  "
                  f"bfloat16 {times[0]:6.1f} ms  float32 {times[1]:6.1f} ms", flush=True)
        return 0
    fixed = Recipe.fixed
    shapes = [("lite", NETWORKS["lite"], fixed, 480, 288), ("lite, nothing fixed", NETWORKS["lite"], (), 480, 288),
              ("lite", NETWORKS["lite"], fixed, 384, 224), ("base", NETWORKS["base"], fixed, 672, 384),
              ("dense", NETWORKS["dense"], (), 480, 288)]
    for name, config, parts, width, height in shapes:
        print(f"{name:20} {width}x{height}  {training(config, parts, width, height, args.batch):6.1f} images/s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
