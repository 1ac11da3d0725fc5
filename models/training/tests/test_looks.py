import numpy as np
import pytest

import looks
from augment import training_sample


def picture(seed, low, high):
    """Noise between two brightnesses, its colours a little apart."""
    chance = np.random.default_rng(seed)
    return (chance.integers(low, high, (60, 80, 1)) + np.array([0, 4, 9])).clip(0, 255).astype(np.uint8)


def dress(image, table):
    return np.stack([np.take(table[:, c], image[..., c]) for c in range(3)], -1)


def test_a_picture_takes_the_tones_of_another(monkeypatch):
    monkeypatch.setattr(looks, "MILD", looks.WHOLE)
    dusk, day = picture(0, 10, 70), picture(1, 90, 240)
    dressed = dress(day, looks.borrowed(looks.tones(day), looks.tones(dusk), np.random.default_rng(0)))
    assert looks.tones(np.rint(dressed).astype(np.uint8)) == pytest.approx(looks.tones(dusk), abs=2)


def test_its_own_tones_leave_it_as_it_is():
    own = looks.tones(picture(2, 40, 200))
    table = looks.borrowed(own, own, np.random.default_rng(3))
    assert table == pytest.approx(np.arange(256)[:, None].repeat(3, 1), abs=0.1)


@pytest.mark.parametrize("seed", range(20))
def test_brighter_stays_brighter_and_in_range(seed):
    """Also of pictures of one colour, whose quantiles coincide."""
    chance = np.random.default_rng(seed)
    pictures = [np.full((20, 20, 3), 90, np.uint8), picture(seed, *sorted(chance.integers(0, 256, 2) + np.array([0, 1])))]
    for own, other in (pictures, pictures[::-1]):
        table = looks.borrowed(looks.tones(own), looks.tones(other), chance)
        assert table.shape == (256, 3) and (np.diff(table, axis=0) >= 0).all()
        assert table.min() >= 0 and table.max() <= 255


def test_calm_samples_keep_their_own_light():
    image, label = picture(4, 90, 200), np.zeros((2, 60, 80), np.uint8)
    dark = np.zeros((256, 3), np.float32)
    calm, borrowed = (training_sample(image, label, np.random.default_rng(1), 96, 64, 4, 0.0, calm, dark)[0] for calm in (1.0, 0.0))
    plain = training_sample(image, label, np.random.default_rng(1), 96, 64, 4, 0.0, 1.0)[0]
    assert (calm == plain).all() and borrowed.mean() < calm.mean() - 1
