"""Synthetic parts of one's own car: bonnet, dashboard, wiper blades, a pillar, a frame.

Few pictures show them, and a network that never saw them takes the grey area at the bottom for
road. Each function returns a mask [h,w] (bool) of the covered pixels and their colour [h,w,3]
(float, 0..255). Bonnets and dashboards are trained as own car, the rest as "anything but drivable".
"""

from __future__ import annotations

import numpy as np


def _axes(h: int, w: int) -> tuple[np.ndarray, np.ndarray]:
    """y [h,1] and x [1,w], both 0..1."""
    return (np.arange(h, dtype=np.float32)[:, None] + 0.5) / h, (np.arange(w, dtype=np.float32)[None] + 0.5) / w


def _paint(rng: np.random.Generator) -> np.ndarray:
    """A car colour: mostly grey, black, white, silver; now and then a real one."""
    value = rng.choice([rng.uniform(8, 50), rng.uniform(60, 150), rng.uniform(150, 245)])
    tint = rng.uniform(0.9, 1.1, 3) if rng.random() < 0.7 else rng.uniform(0.3, 1.3, 3)
    return np.clip(value * tint, 0, 255).astype(np.float32)


def bonnet(image: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A curved bonnet that mirrors, faintly, what stands above it."""
    h, w = image.shape[:2]
    y, x = _axes(h, w)
    top = rng.uniform(0.72, 0.95)
    centre, half = rng.uniform(0.3, 0.7), rng.uniform(0.45, 1.1)
    drop = rng.uniform(0.02, 0.22)
    curve = np.abs((x - centre) / half) ** rng.uniform(1.6, 4.0)
    edge = top + drop * curve
    if rng.random() < 0.4:                                   # a ridge or a pair of bulges
        edge = edge - rng.uniform(0.005, 0.02) * np.cos((x - centre) * rng.uniform(6, 20))
    mask = y > edge
    depth = np.clip((y - edge) / max(1e-3, 1 - top), 0, 1)[..., None]
    colour = _paint(rng) * (1 + rng.uniform(-0.5, 0.5) * depth)
    rows = np.clip(((2 * edge.mean() - y[:, 0]) * rng.uniform(0.6, 1.0) * h).astype(int), 0, h - 1)
    mirror = image[rows][:, ::1]
    shine = rng.uniform(0.0, 0.75)
    colour = colour * (1 - shine) + mirror * shine * rng.uniform(0.6, 1.1)
    rim = np.exp(-((y - edge) / rng.uniform(0.004, 0.02)) ** 2)[..., None]
    return mask, colour + rim * rng.uniform(-60, 90)


def dashboard(image: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A dark, uneven board with a few darker or lighter things on it."""
    h, w = image.shape[:2]
    y, x = _axes(h, w)
    knots = rng.integers(3, 8)
    heights = rng.uniform(0.70, 0.97) + rng.normal(0, 0.025, knots)
    edge = np.interp(x[0], np.linspace(0, 1, knots), heights)[None].astype(np.float32)
    if rng.random() < 0.4:                                   # the hump over the instruments
        edge = edge - rng.uniform(0.03, 0.10) * np.exp(-((x - rng.random()) / rng.uniform(0.08, 0.2)) ** 2)
    mask = y > edge
    base = _paint(rng) * rng.uniform(0.3, 1.0)
    grain = rng.normal(0, rng.uniform(1, 10), (h // 4 + 1, w // 4 + 1, 1)).repeat(4, 0).repeat(4, 1)[:h, :w]
    colour = base + grain.astype(np.float32) + (y[..., None] - 0.8) * rng.uniform(-120, 120)
    for _ in range(rng.integers(0, 4)):                      # vents, a phone, stickers
        cx, cy = rng.random(), rng.uniform(0.8, 1.0)
        rx, ry = rng.uniform(0.02, 0.12), rng.uniform(0.01, 0.06)
        spot = (np.abs(x - cx) < rx) & (np.abs(y - cy) < ry)
        colour = np.where(spot[..., None], _paint(rng), colour)
    return mask, colour


def wiper(image: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """One or two thin dark arms that lean across the lower part."""
    h, w = image.shape[:2]
    y, x = _axes(h, w)
    mask = np.zeros((h, w), bool)
    for _ in range(rng.integers(1, 3)):
        x0, y0 = rng.uniform(-0.1, 1.1), rng.uniform(0.92, 1.1)
        angle, length = rng.uniform(0.1, np.pi - 0.1), rng.uniform(0.2, 0.7)
        dx, dy = np.cos(angle), -np.sin(angle) * rng.uniform(0.3, 1.0)
        along = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)
        off = np.hypot(x - x0 - along * dx, (y - y0 - along * dy) * 0.6)
        mask |= (off < rng.uniform(0.004, 0.014)) & (along > 0) & (along < length)
    colour = np.full((h, w, 3), rng.uniform(5, 60), np.float32)
    return mask, colour


def frame(image: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A pillar at one side, or the rounded black corners of a helmet or action camera."""
    h, w = image.shape[:2]
    y, x = _axes(h, w)
    if rng.random() < 0.6:
        lean, at = rng.uniform(-0.25, 0.25), rng.uniform(0.02, 0.12)
        mask = x < at + lean * (y - 0.5) * 0.5
        mask = mask if rng.random() < 0.5 else mask[:, ::-1]
    else:
        power = rng.uniform(4, 10)
        mask = np.abs(2 * x - 1) ** power + np.abs(2 * y - 1) ** power > rng.uniform(1.0, 1.5)
    return mask, np.broadcast_to(_paint(rng) * rng.uniform(0.0, 0.6), (h, w, 3))


KINDS = ((bonnet, 0.45), (dashboard, 0.30), (wiper, 0.17), (frame, 0.08))
OWN = (bonnet, dashboard)   # what is labelled as own car; the rest is only known not to be road


def draw(image: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Covers a picture [h,w,3] (float, 0..255): the new picture, and the masks [h,w] of own car and of other things."""
    pick = rng.choice(len(KINDS), p=[share for _, share in KINDS])
    mask, colour = KINDS[pick][0](image, rng)
    out = np.where(mask[..., None], np.clip(colour, 0, 255), image)
    nothing = np.zeros_like(mask)
    own, other = (mask, nothing) if KINDS[pick][0] in OWN else (nothing, mask)
    if KINDS[pick][0] in OWN and rng.random() < 0.25:
        extra, colour = wiper(image, rng)
        out, own, other = np.where(extra[..., None], colour, out), own & ~extra, extra
    return out.astype(np.float32), own, other
