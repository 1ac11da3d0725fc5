"""From a decoded picture to a training sample.

Geometry is one affine map: image and label share it, so they cannot drift apart. The image is
sampled bilinearly at the network's input size, the label (nearest) only at the loss's size.
Everything random comes from the generator handed in, so a sample is a function of its seed.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

import occluders
from bonnets import Bonnets
from config import IGNORE, MEAN, OWN_CAR, SET_NOT_DRIVABLE, STD
from weather import smooth_field, weathered

_NOISE: dict[int, np.ndarray] = {}


@dataclass(frozen=True)
class Geometry:
    """theta [2,3] maps output coordinates (-1..1, x then y) to input coordinates (-1..1)."""

    theta: Tensor
    mirrored: bool


def identity() -> Geometry:
    return Geometry(torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), False)


def random_geometry(rng: np.random.Generator, width: int, height: int) -> Geometry:
    """Scale 0.5..2 (of the stretched picture), aspect, flip, horizon shift, small rotation.

    ``width`` and ``height`` are the source's, for the rotation to be one.
    """
    scale = math.exp(rng.uniform(math.log(0.62), math.log(2.0)))
    if rng.random() < 0.06:
        scale = rng.uniform(0.5, 0.62)
    aspect = math.exp(rng.uniform(-0.22, 0.22))
    fx, fy = math.sqrt(aspect) / scale, 1.0 / (scale * math.sqrt(aspect))
    tx = rng.uniform(-1, 1) * abs(1 - fx)
    ty = rng.uniform(-1, 1) * abs(1 - fy)
    if rng.random() < 0.3:
        ty += rng.uniform(-0.25, 0.25)
    turn = math.radians(rng.normal(0, 2.5)) if rng.random() < 0.5 else 0.0
    mirrored = bool(rng.random() < 0.5)
    sign = -1.0 if mirrored else 1.0
    c, s = math.cos(turn), math.sin(turn)
    theta = torch.tensor([
        [sign * c * fx, -s * fy * height / width, tx],
        [sign * s * fx * width / height, c * fy, ty],
    ])
    return Geometry(theta, mirrored)


def grid_of(geometry: Geometry, width: int, height: int) -> Tensor:
    """[height,width,2]: where each output pixel's centre comes from, -1..1, x then y."""
    x = (torch.arange(width) + 0.5) * (2 / width) - 1
    y = (torch.arange(height) + 0.5) * (2 / height) - 1
    t = geometry.theta
    grid = torch.empty(height, width, 2)
    for k in range(2):
        torch.add(t[k, 0] * x, (t[k, 1] * y + t[k, 2])[:, None], out=grid[..., k])
    return grid


def sample_label(label: np.ndarray, geometry: Geometry, width: int, height: int) -> Tensor:
    """uint8 [k,H,W] -> uint8 [k,height,width], nearest; 255 outside the picture."""
    h, w = label.shape[-2:]
    grid = grid_of(geometry, width, height)
    x = torch.floor((grid[..., 0] + 1) * (w / 2)).long()
    y = torch.floor((grid[..., 1] + 1) * (h / 2)).long()
    inside = (x >= 0) & (x < w) & (y >= 0) & (y < h)
    picked = torch.from_numpy(label)[:, y.clamp(0, h - 1), x.clamp(0, w - 1)]
    return torch.where(inside, picked, torch.tensor(IGNORE, dtype=torch.uint8))


def sample_image(image: Tensor, geometry: Geometry, width: int, height: int, padding: str) -> Tensor:
    """float [3,H,W] -> float [3,height,width], bilinear."""
    grid = grid_of(geometry, width, height)
    return F.grid_sample(image[None], grid[None], mode="bilinear", padding_mode=padding, align_corners=False)[0]


def tone_table(rng: np.random.Generator) -> np.ndarray:
    """float32 [256,3]: exposure (dusk to glare), contrast, gamma, white balance as one curve."""
    v = np.linspace(0, 1, 256)[:, None].repeat(3, 1)
    if rng.random() < 0.85:
        gamma = math.exp(rng.normal(0, 0.25))
        gain = math.exp(rng.normal(0, 0.22))
        lift = rng.normal(0, 0.05)
        contrast = math.exp(rng.normal(0, 0.2))
        if rng.random() < 0.15:                              # dusk: dark, flat, often warm or blue
            gain *= rng.uniform(0.25, 0.6)
            gamma *= rng.uniform(1.0, 1.5)
        v = (v ** gamma * gain + lift - 0.45) * contrast + 0.45
    if rng.random() < 0.6:
        v = v * np.exp(rng.normal(0, 0.09, 3))
    return (np.clip(v, 0, 1) * 255).astype(np.float32)


def _vignette(x: Tensor, rng: np.random.Generator) -> Tensor:
    """Darker corners, each colour by its own amount; sometimes uneven shading over the frame."""
    _, h, w = x.shape
    yy = (torch.linspace(-1, 1, h) - rng.normal(0, 0.15))[:, None]
    xx = (torch.linspace(-1, 1, w) - rng.normal(0, 0.15))[None]
    radius = (xx ** 2 + yy ** 2) / 2
    strength = rng.uniform(0.1, 0.75) + rng.normal(0, 0.12, 3)
    depth = torch.from_numpy(strength.astype(np.float32)).clamp(-0.2, 0.9)[:, None, None]
    x = x * (1 - depth * radius.clamp(0, 1))
    if rng.random() < 0.5:
        x = x * (1 + smooth_field(rng, 3, w, h, 3) * rng.uniform(0.03, 0.22))
    return x


def _haze(x: Tensor, rng: np.random.Generator) -> Tensor:
    """Fog, rain-like veil or low sun: a pale colour, thickest around the horizon."""
    _, h, w = x.shape
    y = torch.linspace(0, 1, h)[:, None]
    horizon, spread = rng.uniform(0.3, 0.6), rng.uniform(0.15, 0.8)
    amount = rng.uniform(0.1, 0.75) * torch.exp(-((y - horizon) / spread) ** 2)
    if rng.random() < 0.4:
        amount = amount * (1 + 0.5 * smooth_field(rng, 1, w, h, 4)[0])
    pale = torch.from_numpy((rng.uniform(140, 250) * rng.uniform(0.92, 1.05, 3)).astype(np.float32))
    amount = amount.clamp(0, 0.95)
    return x * (1 - amount) + pale[:, None, None] * amount


def _blur(x: Tensor, rng: np.random.Generator) -> Tensor:
    """Out of focus, a soft upscale, or motion along the rows."""
    _, h, w = x.shape
    kind = rng.random()
    if kind < 0.45:
        factor = rng.uniform(1.3, 3.0)
        small = F.interpolate(x[None], (int(h / factor), int(w / factor)), mode="bilinear", antialias=True)
        return F.interpolate(small, (h, w), mode="bilinear")[0]
    if kind < 0.75:
        x = x.clone()
        x[:, 1:-1] = (x[:, :-2] + 2 * x[:, 1:-1] + x[:, 2:]) * 0.25
        x[..., 1:-1] = (x[..., :-2] + 2 * x[..., 1:-1] + x[..., 2:]) * 0.25
        return x
    reach = int(rng.integers(1, 4))
    side = F.pad(x[None], (reach, reach, 0, 0), mode="replicate")[0]
    return sum(side[..., k:k + w] for k in range(2 * reach + 1)) / (2 * reach + 1)


def _noise(x: Tensor, rng: np.random.Generator) -> Tensor:
    """Sensor noise from a bank made once; coarse grain half of the time."""
    if 0 not in _NOISE:
        _NOISE[0] = np.random.default_rng(0).standard_normal((3, 640, 960)).astype(np.float32)
    _, h, w = x.shape
    if rng.random() < 0.5:
        y0, x0 = rng.integers(0, 641 - h), rng.integers(0, 961 - w)
        grain = torch.from_numpy(_NOISE[0][:, y0:y0 + h, x0:x0 + w])
    else:
        y0, x0 = rng.integers(0, 641 - h // 2 - 1), rng.integers(0, 961 - w // 2 - 1)
        patch = torch.from_numpy(_NOISE[0][:, y0:y0 + h // 2 + 1, x0:x0 + w // 2 + 1])
        grain = patch.repeat_interleave(2, 1).repeat_interleave(2, 2)[:, :h, :w]
    return x + grain * rng.uniform(2, 16)


def _jpeg(x: Tensor, rng: np.random.Generator) -> Tensor:
    buffer = io.BytesIO()
    array = x.clamp(0, 255).byte().permute(1, 2, 0).contiguous().numpy()
    Image.fromarray(array).save(buffer, "JPEG", quality=int(rng.integers(15, 70)))
    return torch.from_numpy(np.array(Image.open(buffer)).transpose(2, 0, 1).astype(np.float32))


def degrade(x: Tensor, rng: np.random.Generator) -> Tensor:
    """What lens, weather, sensor and codec do, in that order; float [3,h,w], 0..255."""
    if rng.random() < 0.4:
        grey = x.mean(0, keepdim=True)
        x = grey + (x - grey) * rng.uniform(0.2, 1.6)
    if rng.random() < 0.15:
        x = _haze(x, rng)
    if rng.random() < 0.25:
        x = _blur(x, rng)
    if rng.random() < 0.35:
        x = _vignette(x, rng)
    if rng.random() < 0.3:
        x = _noise(x, rng)
    if rng.random() < 0.2:
        x = _jpeg(x, rng)
    return x.clamp(0, 255)


def normalise(x: Tensor) -> Tensor:
    return x * (1 / (255 * STD)) - MEAN / STD


def training_sample(image: np.ndarray, label: np.ndarray, rng: np.random.Generator, width: int,
                    height: int, loss_stride: int, occluder: float, calm: float = 0.0,
                    look: np.ndarray | None = None, weather: float = 0.0, bonnets: Bonnets | None = None,
                    real_bonnet: float = 0.5) -> tuple[Tensor, Tensor]:
    """uint8 [H,W,3], uint8 [2 or 3,H,W] -> float [3,height,width], uint8 [3,height/s,width/s].

    ``calm`` is the chance that only the geometry is changed: no tone, no occluder, no lens or weather. ``look``
    [256,3] is a table of tones in place of a random one (``looks.borrowed``). ``weather`` is the chance of night, rain,
    snow or fog; ``real_bonnet`` the share of the occluders that is taken from ``bonnets``.
    """
    h, w = image.shape[:2]
    geometry = random_geometry(rng, w, h)
    quiet = bool(rng.random() < calm)
    if quiet:
        toned = torch.from_numpy(image).permute(2, 0, 1).float()
    else:
        table = tone_table(rng) if look is None else look
        toned = torch.from_numpy(np.stack([np.take(table[:, c], image[..., c]) for c in range(3)]))
    padding = "reflection" if rng.random() < 0.6 else "zeros"
    x = sample_image(toned, geometry, width, height, padding)
    y = sample_label(label, geometry, width // loss_stride, height // loss_stride)
    if len(y) == 2:   # no teacher of road
        y = torch.cat([y, torch.full_like(y[:1], IGNORE)])
    if quiet:
        return normalise(x), y
    if rng.random() < weather:
        x = weathered(x, y[1], rng)
    if rng.random() < occluder:
        picture = x.permute(1, 2, 0).numpy()
        if bonnets and rng.random() < real_bonnet:
            covered, own = bonnets.draw(picture, rng)
            other = np.zeros_like(own)
        else:
            covered, own, other = occluders.draw(picture, rng)
        x = torch.from_numpy(covered).permute(2, 0, 1).contiguous()
        half = loss_stride // 2
        for mask, sets, fine in ((own, OWN_CAR, OWN_CAR), (other, SET_NOT_DRIVABLE, IGNORE)):
            small = torch.from_numpy(mask[half::loss_stride, half::loss_stride].copy())
            y[0][small] = sets
            y[1][small] = fine
            y[2][small] = IGNORE
    return normalise(degrade(x, rng)), y


def evaluation_sample(image: np.ndarray, width: int, height: int, spoil: int | None = None) -> Tensor:
    """uint8 [H,W,3] -> float [3,height,width]: stretched bilinearly, as the product does.

    ``spoil`` is the picture's number, when it shall be spoilt (``spoilt``).
    """
    x = torch.from_numpy(image).permute(2, 0, 1).float()[None]
    x = F.interpolate(x, (height, width), mode="bilinear", align_corners=False)[0]
    return normalise(x if spoil is None else spoilt(x, spoil))


def spoilt(x: Tensor, number: int) -> Tensor:
    """float [3,h,w], 0..255: what dusk, a bad lens, haze or a starved codec make of it, in turn by ``number``.

    The same number gives the same picture, so that networks are compared on the same ones. It is made of what
    training makes (there is no second world here), but always strong.
    """
    rng = np.random.default_rng((17, number))
    kind = number % 4
    if kind == 0:                                            # dusk: dark, a cast, and the noise that gain brings
        cast = torch.from_numpy(np.exp(rng.normal(0, 0.08, 3)).astype(np.float32))[:, None, None]
        x = _noise(255 * (x / 255) ** rng.uniform(1.2, 1.6) * rng.uniform(0.25, 0.45) * cast, rng)
    elif kind == 1:
        x = _blur(_vignette(x, rng), rng)
    elif kind == 2:
        x = _haze(x, rng)
    else:
        x = _jpeg(_blur(x, rng), rng)
    return x.clamp(0, 255)
