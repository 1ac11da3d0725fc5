"""Scores a checkpoint or an exported ONNX file on a labelled set.

    python evaluate.py --data DATA --weights last.pt|model.onnx --set camvid/val [--every 2]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

import checkpoint
from augment import evaluation_sample
from checkpoint import CheckpointError
from data import DataError, Source, load, load_extra
from field import FIELDS, conditions_of, folder_of, load_field
from metrics import Scores
from network import PSPNet
from precision import bfloat16_pays
from sentence import Arguments, ends_in_a_sentence

if TYPE_CHECKING:   # training does not need the runtime
    from onnxruntime import InferenceSession

Predict = Callable[[Tensor], Tensor]  # [3,H,W] -> logits [classes,h,w]


def torch_predictor(net: PSPNet, fast: bool = True) -> Predict:
    """``fast``: bfloat16 where the machine has it; off for exact figures."""
    device = next(net.parameters()).device
    fast = fast and bfloat16_pays(device)

    def predict(x: Tensor) -> Tensor:
        with torch.no_grad(), torch.autocast(device.type, dtype=torch.bfloat16, enabled=fast):
            return net(x[None].to(device, memory_format=torch.channels_last))[0].float().cpu()

    return predict


def open_onnx(path: str | Path, threads: int = 2) -> InferenceSession:
    """The file's session on the CPU; raises ``CheckpointError`` for what is no model."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001 - the runtime raises its own kinds
        raise CheckpointError(f"{path} is not a model that ONNX Runtime can load ({error})") from error


def onnx_predictor(path: str | Path, threads: int = 2) -> tuple[Predict, int, int]:
    """The predictor and the file's input width and height."""
    session = open_onnx(path, threads)
    shapes = {i.name: i.shape for i in session.get_inputs()}
    gate = np.ones(shapes["gate"], np.float32)

    def predict(x: Tensor) -> Tensor:
        return torch.from_numpy(session.run(None, {"image": x[None].numpy(), "gate": gate})[0][0])

    return predict, shapes["image"][3], shapes["image"][2]


def score(net: PSPNet, source: Source, width: int, height: int, fast: bool = True) -> Scores:
    return score_with(torch_predictor(net.eval(), fast), source, width, height)


def score_with(predict: Predict, source: Source, width: int, height: int, spoil: bool = False) -> Scores:
    """``spoil``: every picture spoilt, always in the same way (``augment.spoilt``)."""
    scores = Scores(coarse=source.name.startswith("idd"))
    for number, (image, label) in enumerate(zip(source.images, source.labels)):
        x = evaluation_sample(image, width, height, number if spoil else None)
        scores.add(predict(x), torch.from_numpy(label))
    return scores


def open_set(data: str, name: str) -> Source:
    """``camvid/val``, ``streets/val``, ``bdd`` ... of the data folder, or a folder of rendered frames."""
    first, _, split = name.partition("/")
    if first in ("camvid", "idd") and split and "/" not in split:
        return load(data, first, split)
    if first in FIELDS and bool(split) == FIELDS[first].split and "/" not in split:
        source = load_field(data, first, split)
        if source is None:
            raise DataError(f"the folder {folder_of(data, first, split)} does not exist")
        return source
    return load_extra(name)


@ends_in_a_sentence(DataError, CheckpointError)
def main(argv: Arguments = None) -> None:
    p = argparse.ArgumentParser(description="Score a network on labelled driving pictures.")
    p.add_argument("--data", default=".", help="folder with camvid/ and idd/")
    p.add_argument("--weights", required=True, help="checkpoint, weights/*.pt or *.onnx")
    p.add_argument("--set", action="append", required=True, help="camvid/val, streets/val, bdd ..., or a folder")
    p.add_argument("--width", type=int, default=480)
    p.add_argument("--height", type=int, default=288)
    p.add_argument("--every", type=int, default=1, help="score every n-th picture")
    p.add_argument("--spoil", action="store_true", help="spoil every picture: dusk, bad lens, haze, codec")
    p.add_argument("--conditions", action="store_true", help="also by night, rain, snow ..., as the set's frames.csv has it")
    p.add_argument("--threads", type=int, default=2)
    args = p.parse_args(argv)
    torch.set_num_threads(args.threads)
    width, height = args.width, args.height
    if args.weights.endswith(".onnx"):
        predict, width, height = onnx_predictor(args.weights, args.threads)
    else:
        predict = torch_predictor(checkpoint.network_of(args.weights), fast=False)
    for name in args.set:
        source = open_set(args.data, name).every(args.every)
        line = {"set": name, "images": len(source), "input": f"{width}x{height}"}
        line |= {"spoilt": True} if args.spoil else {}
        scores = score_with(predict, source, width, height, args.spoil)
        line |= scores.summary()
        if args.conditions:
            line["conditions"] = scores.by_condition(conditions_of(args.data, name, source.files))
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    sys.exit(main())
