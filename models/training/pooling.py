"""Pyramid pooling as two matrices.

``pool_matrix`` averages a feature map into the cells of all levels at once, ``upsample_matrix``
brings cells back to the map, bilinearly with half-pixel centres. Both are constants of the map's
size, so that the exported graph needs two MatMuls and the training module uses the same numbers.
With bins 1, 2, 3, 6 there are 1 + 4 + 9 + 36 = 50 cells, level after level, row after row.
"""

from __future__ import annotations

import torch
from torch import Tensor


def _average(size: int, bins: int) -> Tensor:
    """[size, bins]: column b averages its share of a line, borders as in adaptive pooling."""
    m = torch.zeros(size, bins)
    for b in range(bins):
        start, end = b * size // bins, -(-(b + 1) * size // bins)
        m[start:end, b] = 1.0 / (end - start)
    return m


def _linear(bins: int, size: int) -> Tensor:
    """[bins, size]: linear interpolation with half-pixel centres, clamped at both ends."""
    m = torch.zeros(bins, size)
    for x in range(size):
        at = min(max((x + 0.5) * bins / size - 0.5, 0.0), bins - 1.0)
        low = int(at)
        high = min(low + 1, bins - 1)
        m[low, x] += 1.0 - (at - low)
        m[high, x] += at - low
    return m


def pool_matrix(height: int, width: int, bins: tuple[int, ...]) -> Tensor:
    """[height * width, cells]; every column sums to one."""
    parts = [torch.kron(_average(height, b), _average(width, b)) for b in bins]
    return torch.cat(parts, dim=1)


def upsample_matrix(height: int, width: int, bins: tuple[int, ...]) -> Tensor:
    """[cells, height * width]; within each level every column sums to one."""
    parts = [torch.kron(_linear(b, height), _linear(b, width)) for b in bins]
    return torch.cat(parts, dim=0)


def level_mask(bins: tuple[int, ...]) -> Tensor:
    """[levels, cells]: one where the cell belongs to the level, else zero."""
    cells = sum(b * b for b in bins)
    mask = torch.zeros(len(bins), cells)
    start = 0
    for level, b in enumerate(bins):
        mask[level, start:start + b * b] = 1.0
        start += b * b
    return mask
