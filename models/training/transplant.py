"""Starts ``lite`` from a plain PSPNet that was exported as ONNX with batch norm folded.

    python transplant.py --onnx rough.onnx --data DATA --out start.pt

The donor is a half-width ResNet-18 PSPNet without skip (7x7 stem, stages 32, 64, 128, 256,
pyramid 1/2/3/6, head 3x3 -> 128, 1x1 -> 12). Its stage 4 and pyramid are pruned to our widths:
the channels with the least influence on what follows (activation times outgoing weight) go.
Batch norm, folded away in the donor, is set up anew: every normalised channel gets the mean and
deviation that it has in the donor. The skip's join starts as a pass-through of the donor's
logits (a positive and a negative copy, which survive the ReLU), so nothing is forgotten.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import numpy_helper
from torch import Tensor, nn

import checkpoint
from augment import evaluation_sample
from config import NETWORKS, NUM_CLASSES
from data import DataError, load
from network import PSPNet

SIZE = (480, 288)


class Donor:
    """Convolutions of the donor in the order of its graph, with statistics of their outputs."""

    def __init__(self, path: str, images: list[Tensor]) -> None:
        model = onnx.load(path)
        constants = {c.name: numpy_helper.to_array(c) for c in model.graph.initializer}
        nodes = [n for n in model.graph.node if n.op_type == "Conv"]
        self.weights = [torch.from_numpy(constants[n.input[1]].copy()) for n in nodes]
        self.biases = [torch.from_numpy(constants[n.input[2]].copy()) for n in nodes]
        names = [n.output[0] for n in nodes]
        inputs = [n.input[0] for n in nodes]
        known = {o.name for o in model.graph.output}
        for name in dict.fromkeys(names + inputs):
            if name not in known and name != "image":
                model.graph.output.append(onnx.ValueInfoProto(name=name))
        options = ort.SessionOptions()
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        outputs = [o.name for o in session.get_outputs()]
        total: dict[str, np.ndarray] = {}
        for image in images:
            for name, value in zip(outputs, session.run(None, {"image": image[None].numpy()})):
                one = np.stack([value.mean((0, 2, 3)), (value.astype(np.float64) ** 2).mean((0, 2, 3))])
                total[name] = total.get(name, 0) + one / len(images)
        self.mean = [torch.from_numpy(total[n][0]).float() for n in names]
        self.std = [torch.from_numpy((total[n][1] - total[n][0] ** 2).clip(1e-10) ** 0.5).float() for n in names]
        self.energy = [None if n == "image" else torch.from_numpy(total[n][1] ** 0.5).float() for n in inputs]


def influence(energy: Tensor, weight: Tensor) -> Tensor:
    """Per input channel of a convolution: how large its input is times how heavily it is used."""
    return energy * weight.flatten(2).pow(2).sum((0, 2)).sqrt()


def keep(importance: Tensor, count: int) -> Tensor:
    return importance.topk(count).indices.sort().values


def transplant(donor: Donor, net: PSPNet) -> dict[nn.Sequential, tuple[Tensor, Tensor]]:
    """Copies the kernels; returns, per ``conv_bn`` layer, the mean and deviation it shall have."""
    wanted: dict[nn.Sequential, tuple[Tensor, Tensor]] = {}
    at = 0

    def take(layer: nn.Sequential, out: Tensor | None = None, into: Tensor | None = None) -> None:
        nonlocal at
        w, mean, std = donor.weights[at], donor.mean[at], donor.std[at]
        if out is not None:
            w, mean, std = w[out], mean[out], std[out]
        if into is not None:
            w = w[:, into]
        layer[0].weight.data.copy_(w)
        wanted[layer] = (mean, std)
        at += 1

    take(net.stem[0])
    for stage in (net.stage1, net.stage2, net.stage3):
        for block in stage:
            take(block.a)
            take(block.b)
            if isinstance(block.shortcut, nn.Sequential):
                take(block.shortcut)
    # stage 4 is convolutions at..at+4, then four levels, the head and the classifier
    w4, levels = net.config.widths[3], len(net.config.bins)
    first_b, second_a, second_b, head = at + 1, at + 3, at + 4, at + 5 + levels
    full = donor.weights[first_b].shape[0]
    usage = influence(donor.energy[second_a], donor.weights[second_a]) + influence(
        donor.energy[head][:full], donor.weights[head][:, :full])
    stream = keep(usage, w4)
    inner1 = keep(influence(donor.energy[first_b], donor.weights[first_b]), w4)
    inner2 = keep(influence(donor.energy[second_b], donor.weights[second_b]), w4)
    one, two = net.stage4
    take(one.a, inner1)
    take(one.b, stream, inner1)
    take(one.shortcut, stream)
    take(two.a, inner2, stream)
    take(two.b, stream, inner2)
    rows, offsets, chosen = [], [], [stream]
    for level in range(levels):
        start = full + level * full // levels
        span = slice(start, start + full // levels)
        best = keep(influence(donor.energy[head][span], donor.weights[head][:, span]), w4 // levels)
        rows.append(donor.weights[at][best][:, stream])
        offsets.append(donor.biases[at][best])
        chosen.append(best + start)
        at += 1
    net.pyramid.project[0].weight.data.copy_(torch.cat(rows))
    net.pyramid.project[1].bias.data.copy_(torch.cat(offsets))
    take(net.head, None, torch.cat(chosen))
    w, b = donor.weights[at], donor.biases[at]
    join, width = net.join[0].weight.data, net.config.head
    nn.init.kaiming_normal_(join)
    nn.init.normal_(net.classify.weight, std=0.01)
    join[:2 * NUM_CLASSES] = 0
    join[:NUM_CLASSES, :width, 1, 1] = w[..., 0, 0]
    join[NUM_CLASSES:2 * NUM_CLASSES, :width, 1, 1] = -w[..., 0, 0]
    net.classify.weight.data[:, :2 * NUM_CLASSES] = 0
    for c in range(NUM_CLASSES):
        net.classify.weight.data[c, c] = 1
        net.classify.weight.data[c, NUM_CLASSES + c] = -1
    net.classify.bias.data.copy_(b)
    return wanted


def calibrate(net: PSPNet, wanted: dict, images: list[Tensor]) -> None:
    """Sets batch norm so that running statistics are ours and normalised outputs the donor's."""
    for layer, (mean, std) in wanted.items():
        layer[1].weight.data.copy_(std)
        layer[1].bias.data.copy_(mean)
    preserve = [net.pyramid.project, net.join]   # keep the convolution's own output instead
    offsets = [net.pyramid.project[1].bias.data.clone(), torch.zeros(net.config.skip_head)]
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    for layer, offset in [*zip(preserve, offsets), (None, None)]:
        for m in norms:
            m.reset_running_stats()
            m.momentum = None
        net.train()
        with torch.no_grad():
            for start in range(0, len(images), 6):
                net(torch.stack(images[start:start + 6]))
        if layer is not None:
            layer[1].weight.data.copy_((layer[1].running_var + layer[1].eps).sqrt())
            layer[1].bias.data.copy_(layer[1].running_mean + offset)
    for m in norms:
        m.momentum = 0.1
    net.eval()


def main(argv: list[str] | None = None) -> int:
    p = argparse.ArgumentParser(description="Start lite from a plain PSPNet in ONNX.")
    p.add_argument("--onnx", required=True)
    p.add_argument("--data", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--images", type=int, default=48)
    p.add_argument("--threads", type=int, default=1)
    args = p.parse_args(argv)
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    try:
        both = [load(args.data, name, "train") for name in ("camvid", "idd")]
        images = [evaluation_sample(im, *SIZE) for s in both
                  for im in s.images[::max(1, 2 * len(s) // args.images)]]
        images = images[::2] + images[1::2]   # both sets in every batch
        net = PSPNet(NETWORKS["lite"])
        calibrate(net, transplant(Donor(args.onnx, images), net), images)
        checkpoint.save({"network": net.config.to_dict(), "ema": net.state_dict()}, args.out)
    except (DataError, checkpoint.CheckpointError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
