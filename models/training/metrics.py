"""Scores against human labels.

CamVid: its twelve classes, the literature's eleven (lane marking counted as road), drivable.
IDD: the seven human groups (softmax summed over a group's members, then argmax), drivable.
Logits are upsampled bilinearly to the label's size; "drivable" is the winning class being
road or lane marking, as the product displays it, against what the label set says of road: the own car is not. mIoU is over
classes that occur in labels. A network may know fewer classes than the labels; it never guesses the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor

from config import CLASSES, DRIVABLE, GROUP_TO_SET, GROUPS, IGNORE, NUM_CLASSES, OBSTACLES, OWN_CAR
from losses import ROAD_OF_SET


def confusion(truth: Tensor, guess: Tensor, n: int) -> Tensor:
    """int64 [n,n], rows are the truth; pixels whose truth is not below n are left out."""
    keep = truth < n
    index = truth[keep].long() * n + guess[keep].long()
    return torch.bincount(index, minlength=n * n).view(n, n)


def iou(matrix: Tensor) -> Tensor:
    """[n]; NaN where a class occurs neither in the truth nor in the guess."""
    m = matrix.double()
    hit = m.diag()
    union = m.sum(0) + m.sum(1) - hit
    return torch.where(union > 0, hit / union.clamp(min=1), torch.full_like(hit, float("nan")))


def seen(matrix: Tensor) -> Tensor:
    """[n]; as ``iou``, and NaN where a class occurs in no truth: where nobody labels the own car, it has no score."""
    return torch.where(matrix.sum(1) > 0, iou(matrix), torch.nan)


def merge(matrix: Tensor, groups: list[tuple[int, ...]]) -> Tensor:
    """Adds up rows and columns of a confusion matrix."""
    take = torch.zeros(len(groups), matrix.shape[0], dtype=matrix.dtype)
    for g, members in enumerate(groups):
        take[g, list(members)] = 1
    return take @ matrix @ take.T


ELEVEN = [(0, 1)] + [(c,) for c in range(2, NUM_CLASSES)]
SET_TO_GROUP = torch.full((256,), IGNORE, dtype=torch.uint8)
for _group, _set in enumerate(GROUP_TO_SET):
    SET_TO_GROUP[_set] = _group


def group_guess(logits: Tensor) -> Tensor:
    """[classes,...] -> [...] of group ids."""
    p = logits.softmax(0)
    return torch.stack([p[list(members)].sum(0) for _, members in GROUPS]).argmax(0)


@dataclass
class Scores:
    """Collects pictures of one data set; ``coarse`` says which labels are the human ones."""

    coarse: bool
    fine: Tensor = field(default_factory=lambda: torch.zeros(NUM_CLASSES, NUM_CLASSES, dtype=torch.long))
    groups: Tensor = field(default_factory=lambda: torch.zeros(len(GROUPS), len(GROUPS), dtype=torch.long))
    drivable: Tensor = field(default_factory=lambda: torch.zeros(2, 2, dtype=torch.long))
    own_car: Tensor = field(default_factory=lambda: torch.zeros(3, dtype=torch.long))   # called road, an obstacle; all
    pictures: list[Tensor] = field(default_factory=list)   # drivable of every picture, as [2,2]

    def add(self, logits: Tensor, label: Tensor) -> Tensor:
        """logits [classes,h,w] at any size, label uint8 [2,H,W] (set, class); returns the classes [H,W]."""
        full = F.interpolate(logits[None].float(), label.shape[-2:], mode="bilinear", align_corners=False)[0]
        guess = full.argmax(0)
        self.fine += confusion(label[1], guess, NUM_CLASSES)
        if self.coarse:
            truth = SET_TO_GROUP[label[0].long()]
            self.groups += confusion(truth, group_guess(full), len(GROUPS))
        is_road = ROAD_OF_SET[label[0].long()]
        one = confusion(is_road, (guess <= DRIVABLE[-1]).long(), 2)
        self.drivable += one
        self.pictures.append(one)
        own = guess[label[0] == OWN_CAR]
        self.own_car += torch.stack([(own <= DRIVABLE[-1]).sum(), torch.isin(own, torch.tensor(OBSTACLES)).sum(),
                                     torch.tensor(own.numel())])
        return guess

    @property
    def each(self) -> list[float]:
        """Drivable IoU of every picture, 0..1."""
        return [float(iou(one)[1]) for one in self.pictures]

    def by_condition(self, conditions: Sequence[str]) -> dict:
        """Number of pictures and drivable IoU in percent for every condition; ``conditions`` names that of each picture."""
        return {name: {"images": conditions.count(name), "drivable": round(100 * float(iou(sum(
            one for one, of in zip(self.pictures, conditions) if of == name))[1]), 2)} for name in sorted(set(conditions))}

    def summary(self) -> dict:
        """Percentages, rounded to 0.01."""
        def percent(x: Tensor) -> float:
            return round(100 * float(x.nanmean()), 2)

        out: dict = {"drivable": percent(iou(self.drivable)[1])}
        road, obstacle, pixels = self.own_car.tolist()
        if pixels:
            out["own_car"] = {"drivable": round(100 * road / pixels, 2), "obstacle": round(100 * obstacle / pixels, 2)}
        if self.coarse:
            out["groups7"] = percent(iou(self.groups))
            out["per_group"] = {g: percent(v) for (g, _), v in zip(GROUPS, iou(self.groups))}
        else:
            out["miou12"] = percent(seen(self.fine))
            out["miou11"] = percent(seen(merge(self.fine, ELEVEN)))
            out["per_class"] = {c: percent(v) for c, v in zip(CLASSES, seen(self.fine)) if not v.isnan()}
        return out
