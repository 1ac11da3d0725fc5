"""The loss on label sets: minus the log of the probability that falls into the set.

For a set with one class this is cross-entropy; for a human group it is the log of the summed
probability of the members; for "anything but drivable" it is -log(1 - p(drivable)).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from config import IGNORE, NUM_CLASSES, SETS


def set_table() -> Tensor:
    """[sets, classes]: 0 where the class belongs to the set, a large negative number elsewhere."""
    table = torch.full((len(SETS), NUM_CLASSES), -1e4)
    for row, members in enumerate(SETS):
        table[row, list(members)] = 0.0
    return table


def set_loss(logits: Tensor, sets: Tensor, weights: Tensor, table: Tensor) -> Tensor:
    """Mean over labelled pixels of weight * -log sum of the members' probabilities.

    logits [N,12,h,w] fp32; sets [N,h,w] of set ids, 255 = ignore; weights [sets].
    """
    flat = logits.permute(0, 2, 3, 1).reshape(-1, logits.shape[1])
    ids = sets.reshape(-1)
    keep = ids != IGNORE
    flat, ids = flat[keep], ids[keep].long()
    if ids.numel() == 0:
        return logits.sum() * 0.0
    inside = torch.logsumexp(flat + table[ids], dim=1)
    return ((torch.logsumexp(flat, dim=1) - inside) * weights[ids]).mean()


def fine_loss(logits: Tensor, fine: Tensor, weights: Tensor) -> Tensor:
    """Weighted cross-entropy on single classes, [N,h,w] with 255 = ignore; mean over pixels."""
    loss = F.cross_entropy(logits, fine.long(), weight=weights, ignore_index=IGNORE, reduction="sum")
    return loss / (fine != IGNORE).sum().clamp(min=1)


def soft_weights(counts: Tensor, offset: float) -> Tensor:
    """1 / log(offset + frequency), scaled so that the average over *pixels* is one."""
    share = counts.double() / counts.sum().clamp(min=1)
    weights = 1.0 / torch.log(offset + share)
    return (weights / (weights * share).sum().clamp(min=1e-9)).float()
