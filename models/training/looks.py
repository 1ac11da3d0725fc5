"""A picture in another one's light.

Drives differ in light, lens and camera more than in what they show: the one drive at dusk shows a handful of streets.
Matching histograms (each colour by itself: Gonzalez and Woods, "Digital Image Processing", section 3.3) puts the tones of
one drive onto the streets of another, as one table per colour. Only a few quantiles are matched, with straight lines
between them: matched value by value, the sky's few shades break into bands.
"""

from __future__ import annotations

import numpy as np

QUANTILES = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)
MILD, WHOLE = 0.4, 1.0   # of the way to the other picture's tones; never less than what an eye would notice


def tones(image: np.ndarray) -> np.ndarray:
    """float32 [9,3]: black, the quantiles of each colour of the picture (uint8 [h,w,3]), and white; 0..255, rising."""
    inner = np.quantile(image[::2, ::2].reshape(-1, 3), QUANTILES, axis=0)
    return np.concatenate([np.zeros((1, 3)), inner, np.full((1, 3), 255.0)]).astype(np.float32)


def borrowed(own: np.ndarray, other: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """float32 [256,3], 0..255: the table that gives a picture of tones ``own`` those of ``other``, or most of them."""
    values = np.arange(256, dtype=np.float32)
    steps = np.arange(len(own)) * 1e-3   # where quantiles coincide, the table still has to rise
    amount = rng.uniform(MILD, WHOLE)
    matched = np.stack([np.interp(values, own[:, c] + steps, other[:, c]) for c in range(3)], 1)
    return (values[:, None] + amount * (matched - values[:, None])).astype(np.float32)
