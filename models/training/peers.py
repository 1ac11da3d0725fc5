"""Networks of others as teachers of road: each takes a picture and gives the probability of road for every pixel.

Known kinds, told apart by what the file takes and gives: OpenVINO's road-segmentation-adas (BGR, 0..255; probabilities of
background, road, kerb, marking) and TwinLiteNet (RGB, 0..1; two logits of drivable area in ``da``). Their files stay out of
the repository.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from checkpoint import CheckpointError
from config import DRIVABLE
from evaluate import open_onnx

Road = Callable[[np.ndarray], Tensor]   # uint8 [H,W,3] -> probability of road [H,W]


def open_peer(path: str, threads: int) -> Road:
    """The peer of that file; ``CheckpointError`` for a file of no known kind."""
    session = open_onnx(path, threads)
    entry, results = session.get_inputs()[0], session.get_outputs()
    if len(entry.shape) != 4 or entry.shape[1] != 3:
        raise CheckpointError(f"{path} takes {entry.shape}, not one picture of three colours")
    area = next((o for o in results if o.name == "da" and o.shape[1] == 2), None)
    if area is None and not (len(results) == 1 and results[0].shape[1] == 4):
        raise CheckpointError(f"{path} is neither of the kind of road-segmentation-adas-0001 nor of TwinLiteNet")

    def road(image: np.ndarray) -> Tensor:
        x = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1).float()[None]
        x = x / 255 if area is not None else x[:, [2, 1, 0]]
        x = F.interpolate(x, entry.shape[2:], mode="bilinear", align_corners=False, antialias=True)
        out = torch.from_numpy(session.run([(area or results[0]).name], {entry.name: x.numpy()})[0])
        p = out.softmax(1)[:, 1:] if area is not None else out[:, [1, 3]].sum(1, keepdim=True)
        return F.interpolate(p, image.shape[:2], mode="bilinear", align_corners=False)[0, 0]

    return road


def own_road(probabilities: Callable[[np.ndarray], Tensor]) -> Road:
    """Road by what one's own networks say of all classes ([classes,H,W])."""
    return lambda image: probabilities(image)[list(DRIVABLE)].sum(0)


def mirrored(road: Road) -> Road:
    """The mean over the picture and its mirror image."""
    return lambda image: (road(image) + road(image[:, ::-1]).flip(1)) / 2


def teacher(families: Sequence[Sequence[Road]]) -> Road:
    """The mean over families of the means within them: kinship shall not outvote."""
    def road(image: np.ndarray) -> Tensor:
        return torch.stack([torch.stack([member(image) for member in family]).mean(0) for family in families]).mean(0)

    return road


def mean_of(predictors: Sequence[Callable[[np.ndarray], Tensor]]) -> Callable[[np.ndarray], Tensor]:
    """The mean of several networks' probabilities of classes."""
    return lambda image: torch.stack([predict(image) for predict in predictors]).mean(0)

