"""Night, wet roads, snow, fog and a dirty windscreen, made of pictures by day that have labels.

Pavements, people and edges were drawn by day only; here they are seen by night and in rain. The label tells what is sky,
what is road and what is ground beside it, so that each darkens, mirrors or whitens as it would. Pictures are float [3,h,w],
0..255; ``classes`` is the label of single classes, uint8 [h',w'] at any smaller size, 255 where unknown.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

SKY, ROAD, PAVEMENT, GREEN = (8,), (0, 1), (2,), (7,)


def smooth_field(rng: np.random.Generator, channels: int, width: int, height: int, cells: int) -> Tensor:
    """[channels,height,width], about -1..1, slowly varying."""
    knots = torch.from_numpy(rng.uniform(-1, 1, (1, channels, cells, cells)).astype(np.float32))
    coarse = F.interpolate(knots, (height // 8, width // 8), mode="bicubic", align_corners=True)
    return F.interpolate(coarse, (height, width), mode="bilinear", align_corners=False)[0]


def area(classes: Tensor, members: tuple[int, ...], height: int, width: int) -> Tensor:
    """[height,width], 0..1 with soft edges: where the label names one of ``members``."""
    hit = torch.zeros(classes.shape)
    for c in members:
        hit += classes == c
    return F.interpolate(hit[None, None], (height, width), mode="bilinear", align_corners=False)[0, 0]


def _axes(h: int, w: int) -> tuple[Tensor, Tensor]:
    return (torch.arange(h)[:, None] + 0.5) / h, (torch.arange(w)[None] + 0.5) / w


def _colour(rng: np.random.Generator, *values: float) -> Tensor:
    wobble = np.exp(rng.normal(0, 0.08, 3))
    return torch.from_numpy((np.array(values) * wobble).astype(np.float32))[:, None, None]


LAMPS = ((1.15, 0.92, 0.6), (1.2, 0.85, 0.45), (0.95, 1.0, 1.1), (1.05, 1.0, 0.9))   # sodium, LED, halogen


def night(x: Tensor, classes: Tensor, rng: np.random.Generator) -> Tensor:
    """Dark, lit by headlights, street lamps and what the town throws back; points of light with their halos."""
    _, h, w = x.shape
    yy, xx = _axes(h, w)
    tint = _colour(rng, *LAMPS[rng.integers(len(LAMPS))])
    ambient = math.exp(rng.uniform(math.log(0.1), math.log(0.55)))
    light = torch.full((h, w), ambient)
    if rng.random() < 0.75:   # one's own headlights, cut off above the horizon
        cx, cy = rng.uniform(0.4, 0.6), rng.uniform(0.62, 0.9)
        pool = torch.exp(-((xx - cx) / rng.uniform(0.15, 0.5)) ** 2 - ((yy - cy) / rng.uniform(0.12, 0.3)) ** 2)
        light = light + rng.uniform(0.15, 0.8) * pool * torch.sigmoid((yy - rng.uniform(0.4, 0.55)) * 30)
    for _ in range(rng.integers(0, 5)):   # pools under lamps, on carriageway and pavement alike
        cx, cy = rng.uniform(-0.1, 1.1), rng.uniform(0.4, 0.95)
        rx = rng.uniform(0.08, 0.4)
        light = light + rng.uniform(0.1, 0.6) * torch.exp(-((xx - cx) / rx) ** 2 - ((yy - cy) / (rx * rng.uniform(0.3, 0.9))) ** 2)
    if rng.random() < 0.5:
        light = light * (1 + 0.5 * smooth_field(rng, 1, w, h, 4)[0]).clamp(min=0.2)
    dark = area(classes, SKY, h, w) * rng.uniform(0.5, 0.97)
    out = 255 * (x / 255).clamp(0, 1) ** rng.uniform(0.9, 1.5) * light * tint * (1 - dark)
    out = out + dark * _colour(rng, 9, 8, 10) * rng.uniform(0.0, 3.0)
    halo = torch.zeros(3, h, w)
    for _ in range(rng.integers(0, 12)):
        cx, cy, r = rng.random(), rng.uniform(0.2, 0.62), math.exp(rng.uniform(math.log(0.003), math.log(0.02)))
        far = ((xx - cx) * w / h) ** 2 + (yy - cy) ** 2
        shine = torch.exp(-far / r ** 2) + rng.uniform(0.05, 0.3) * torch.exp(-far / (r * rng.uniform(4, 9)) ** 2)
        kind = rng.random()
        hue = _colour(rng, 1, 0.25, 0.2) if kind < 0.25 else _colour(rng, 0.3, 1, 0.6) if kind < 0.32 else tint
        halo = halo + shine * hue * rng.uniform(120, 330)
    return (out + halo).clamp(0, 255)


def wet(x: Tensor, classes: Tensor, rng: np.random.Generator) -> Tensor:
    """A road that mirrors what stands above it, in patches or whole, and is darker for it; pavements now and then too."""
    _, h, w = x.shape
    where = area(classes, ROAD if rng.random() < 0.35 else ROAD + PAVEMENT, h, w)
    if rng.random() < 0.7:
        where = where * torch.sigmoid((smooth_field(rng, 1, w, h, int(rng.integers(4, 9)))[0] + rng.uniform(-0.3, 0.6)) * 8)
    horizon = int(rng.uniform(0.38, 0.56) * h)
    rows = (2 * horizon - torch.arange(h)).clamp(0, h - 1)
    reach = int(rng.integers(2, max(3, h // 12)))
    image = F.avg_pool2d(F.pad(x[:, rows][None], (1, 1, reach, reach), mode="replicate"), (2 * reach + 1, 3), 1)[0]
    amount = where * rng.uniform(0.25, 0.85)
    ground = x * (1 - where * rng.uniform(0.1, 0.6))
    return (ground * (1 - amount) + image * rng.uniform(0.6, 1.1) * amount).clamp(0, 255)


def snow(x: Tensor, classes: Tensor, rng: np.random.Generator) -> Tensor:
    """White pavements and verges, slush on the road between the wheel tracks, a grey sky, maybe flakes."""
    _, h, w = x.shape
    yy, xx = _axes(h, w)
    light = float(x.mean()) / 110
    white = _colour(rng, 215, 218, 226) * min(1.1, max(0.25, light))
    grain = 1 + 0.12 * smooth_field(rng, 1, w, h, 12)
    beside = area(classes, PAVEMENT + (GREEN if rng.random() < 0.5 else ()), h, w) * torch.sigmoid((yy - 0.4) * 14)
    beside = beside * (0.75 + 0.4 * smooth_field(rng, 1, w, h, 6)[0]).clamp(0, 1) * rng.uniform(0.6, 1.0)
    x = x * (1 - beside) + white * grain * beside
    at, end = rng.uniform(0.35, 0.65), rng.uniform(0.35, 0.5)
    across = (xx - at) / (yy - end).clamp(min=0.04)   # lines of one value meet at the vanishing point
    tracks = 0.5 + 0.5 * torch.cos(across * rng.uniform(3, 7) + rng.uniform(0, 6.3))
    slush = area(classes, ROAD, h, w) * (tracks * rng.uniform(0.2, 0.95) + 0.3 * smooth_field(rng, 1, w, h, 8)[0]).clamp(0, 0.9)
    slush = slush * rng.uniform(0.2, 1.0)
    x = x * (1 - slush) + white * rng.uniform(0.5, 0.95) * grain * slush
    if rng.random() < 0.4:
        flakes = torch.from_numpy(rng.random((h // 2, w // 2)).astype(np.float32)) > rng.uniform(0.985, 0.998)
        soft = F.interpolate(flakes.float()[None, None], (h, w), mode="bilinear", align_corners=False)[0]
        x = x + (white - x) * soft * rng.uniform(0.4, 0.9)
    return x.clamp(0, 255)


def fog(x: Tensor, classes: Tensor, rng: np.random.Generator) -> Tensor:
    """Light lost by distance (Koschmieder's law), the distance that of a flat road below the horizon."""
    _, h, w = x.shape
    yy, _ = _axes(h, w)
    horizon = rng.uniform(0.38, 0.52)
    far = 1 / (yy - horizon).clamp(min=0.015)
    seen = torch.exp(-far * rng.uniform(0.02, 0.3))
    if rng.random() < 0.5:
        seen = seen * (1 + 0.3 * smooth_field(rng, 1, w, h, 4)[0])
    # what stands up is nearer than the ground it hides, so never quite gone
    seen = torch.maximum(seen.clamp(0, 1), torch.full((h, w), rng.uniform(0.02, 0.45)) * (1 - area(classes, SKY, h, w)))
    veil = _colour(rng, 1, 1, 1.02) * min(250.0, max(25.0, float(x.mean()) * rng.uniform(1.0, 1.9)))
    return (x * seen + veil * (1 - seen)).clamp(0, 255)


def glass(x: Tensor, rng: np.random.Generator) -> Tensor:
    """Drops, smears and dust on the windscreen: blurred, paler patches."""
    _, h, w = x.shape
    blurred = F.interpolate(F.interpolate(x[None], (h // 6, w // 6), mode="bilinear", antialias=True), (h, w), mode="bilinear")[0]
    patches = torch.sigmoid((smooth_field(rng, 1, w, h, int(rng.integers(5, 22)))[0] - rng.uniform(0.2, 0.6)) * rng.uniform(6, 25))
    shift = int(rng.integers(0, h // 5))
    through = torch.roll(blurred, shift, 1) * rng.uniform(0.7, 1.15) + rng.uniform(-10, 30)
    amount = patches * rng.uniform(0.4, 0.95)
    return (x * (1 - amount) + through * amount).clamp(0, 255)


def weathered(x: Tensor, classes: Tensor, rng: np.random.Generator) -> Tensor:
    """One of the four or two together; what is dark already is not made darker."""
    dark = float(x.mean()) < 65
    kind = rng.random()
    if kind < 0.5 and not dark:
        x = night(x, classes, rng)
        if rng.random() < 0.45:
            x = wet(x, classes, rng)
    elif kind < 0.72:
        x = wet(x, classes, rng)
    elif kind < 0.87:
        x = snow(x, classes, rng)
    else:
        x = fog(x, classes, rng)
    return glass(x, rng) if rng.random() < 0.2 else x
