"""The loss on label sets: minus the log of the probability that falls into the set.

For a set with one class this is cross-entropy; for a human group it is the log of the summed
probability of the members; for "anything but drivable" it is -log(1 - p(drivable)).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from config import DRIVABLE, IGNORE, NUM_CLASSES, SETS
from data import SOFT

# uint8 [256] by set id: 1 = road, 0 = not road, 255 = the set does not say.
ROAD_OF_SET = torch.full((256,), IGNORE, dtype=torch.uint8)
for _id, _members in SETS.items():
    if all(c in DRIVABLE for c in _members):
        ROAD_OF_SET[_id] = 1
    elif not any(c in DRIVABLE for c in _members):
        ROAD_OF_SET[_id] = 0


def set_table() -> Tensor:
    """[256, classes]: 0 where the class belongs to the set, a large negative number elsewhere."""
    table = torch.full((256, NUM_CLASSES), -1e4)
    for row, members in SETS.items():
        table[row, list(members)] = 0.0
    return table


def kerbs(sets: Tensor, reach: int) -> Tensor:
    """bool [N,h,w]: within ``reach`` pixels of road and of what is known not to be road; sets as for ``set_loss``."""
    kind = ROAD_OF_SET.to(sets.device)[sets.long()]
    size = 2 * reach + 1
    road, other = (F.max_pool2d((kind == k).float()[:, None], size, 1, reach)[:, 0] > 0 for k in (1, 0))
    return road & other


def set_loss(logits: Tensor, sets: Tensor, weights: Tensor, table: Tensor, places: Tensor | None = None) -> Tensor:
    """Mean over labelled pixels of weight * -log sum of the members' probabilities.

    logits [N,classes,h,w] fp32; sets [N,h,w] of set ids, 255 = ignore; weights [256] by set; ``places`` [N,h,w], how much
    each pixel counts (the mean is a weighted one).
    """
    flat = logits.permute(0, 2, 3, 1).reshape(-1, logits.shape[1])
    ids = sets.reshape(-1)
    keep = ids != IGNORE
    flat, ids = flat[keep], ids[keep].long()
    if ids.numel() == 0:
        return logits.sum() * 0.0
    inside = torch.logsumexp(flat + table[ids], dim=1)
    loss = (torch.logsumexp(flat, dim=1) - inside) * weights[ids]
    if places is None:
        return loss.mean()
    counts = places.reshape(-1)[keep]
    return (loss * counts).sum() / counts.sum()


def road_loss(logits: Tensor, road: Tensor) -> Tensor:
    """Cross-entropy between a teacher's probability of road and the network's, the mean over pixels that have one.

    logits [N,classes,h,w] fp32; road [N,h,w] uint8, ``SOFT`` for one, 255 = not said (Hinton et al., "Distilling the
    Knowledge in a Neural Network", 2015, on two classes).
    """
    keep = road != IGNORE
    if not keep.any():
        return logits.sum() * 0.0
    flat = logits.permute(0, 2, 3, 1)[keep]
    p = road[keep].float() / SOFT
    whole, inside = torch.logsumexp(flat, 1), torch.logsumexp(flat[:, list(DRIVABLE)], 1)
    outside = torch.logsumexp(flat[:, DRIVABLE[-1] + 1:], 1)
    return -(p * (inside - whole) + (1 - p) * (outside - whole)).mean()


def distil_loss(logits: Tensor, teacher: Tensor) -> Tensor:
    """Divergence of the student's classes from a teacher's, the mean over pixels (Hinton et al., 2015, temperature 1).

    logits [N,classes,h,w] fp32; teacher [N,classes,H,W], of the same classes, at any size.
    """
    wanted = F.interpolate(teacher.float(), logits.shape[-2:], mode="bilinear", align_corners=False).log_softmax(1)
    return (wanted.exp() * (wanted - logits.log_softmax(1))).sum(1).mean()


def fine_loss(logits: Tensor, fine: Tensor, weights: Tensor) -> Tensor:
    """Weighted cross-entropy on single classes, [N,h,w] with 255 = ignore; mean over pixels."""
    loss = F.cross_entropy(logits, fine.long(), weight=weights, ignore_index=IGNORE, reduction="sum")
    return loss / (fine != IGNORE).sum().clamp(min=1)


def soft_weights(counts: Tensor, offset: float) -> Tensor:
    """1 / log(offset + frequency), scaled so that the average over *pixels* is one."""
    share = counts.double() / counts.sum().clamp(min=1)
    weights = 1.0 / torch.log(offset + share)
    return (weights / (weights * share).sum().clamp(min=1e-9)).float()
