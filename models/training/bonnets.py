"""Own cars cut out of the pictures that show one, to be pasted into those that do not."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PIL import Image

from data import Source

SIZE = (352, 208)              # width and height that cuts are kept at
LEAST, MOST = 0.03, 0.5        # of the picture, for a cut to be worth keeping


class Bonnets:
    """Cuts: uint8 [h,w,4], the picture and its mask (0 or 255)."""

    def __init__(self, cuts: list[np.ndarray]) -> None:
        self.cuts = cuts

    def __len__(self) -> int:
        return len(self.cuts)

    @staticmethod
    def cut(sources: Iterable[Source], own_car: int) -> "Bonnets":
        """Of every picture whose label says where the own car is, if that reaches the lower edge."""
        cuts = []
        for source in sources:
            for image, label in zip(source.images, source.labels):
                own = label[0] == own_car
                if not LEAST < own.mean() < MOST or own[-1].mean() < 0.2:
                    continue
                mask = Image.fromarray(own.astype(np.uint8) * 255).resize(SIZE, Image.Resampling.NEAREST)
                picture = Image.fromarray(image).resize(SIZE, Image.Resampling.BILINEAR)
                cuts.append(np.dstack([np.asarray(picture), np.asarray(mask)]))
        return Bonnets(cuts)

    def draw(self, image: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Covers a picture [h,w,3] (float, 0..255): the new picture and the mask [h,w] of what is covered.

        The cut is mirrored, stretched to the picture, sunk by up to half its height, and made as light as the picture.
        """
        h, w = image.shape[:2]
        cut = self.cuts[int(rng.integers(len(self.cuts)))]
        if rng.random() < 0.5:
            cut = cut[:, ::-1]
        cut = np.asarray(Image.fromarray(np.ascontiguousarray(cut)).resize((w, h), Image.Resampling.BILINEAR))
        rows = np.flatnonzero((cut[..., 3] > 127).any(1))
        if not rows.size:
            return image, np.zeros((h, w), bool)
        sunk = int(rng.uniform(0, 0.5) * (h - rows[0]))
        moved = np.zeros_like(cut)
        moved[sunk:] = cut[:h - sunk]
        light = image.mean() / max(8.0, float(cut[..., :3].mean()))
        colour = moved[..., :3] * np.float32(np.clip(light, 0.25, 2.5) * np.exp(rng.normal(0, 0.25)))
        mask = moved[..., 3] > 127
        return np.where(mask[..., None], np.clip(colour, 0, 255), image).astype(np.float32), mask
