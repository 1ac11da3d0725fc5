import numpy as np
import pytest
import torch

import weather
from augment import training_sample
from bonnets import Bonnets
from config import OWN_CAR
from data import Source


def street(h=64, w=96):
    """float [3,h,w] and classes [h/4,w/4]: sky above, pavement left and road right below."""
    classes = torch.zeros(h // 4, w // 4, dtype=torch.uint8)
    classes[:h // 8] = 8
    classes[h // 8:, :w // 8] = 2
    x = torch.full((3, h, w), 120.0)
    x[:, :h // 2] = 220.0
    return x + torch.from_numpy(np.random.default_rng(0).normal(0, 5, (3, h, w)).astype(np.float32)), classes


@pytest.mark.parametrize("kind", ["night", "wet", "snow", "fog"])
def test_every_weather_follows_its_seed_and_stays_in_range(kind):
    x, classes = street()
    before = x.clone()
    changed = 0
    for seed in range(12):
        a, b = (getattr(weather, kind)(x, classes, np.random.default_rng(seed)) for _ in range(2))
        assert torch.equal(a, b) and a.shape == x.shape and torch.isfinite(a).all()
        assert a.min() >= 0 and a.max() <= 255
        changed += float((a - x).abs().mean()) > 3
    assert torch.equal(x, before) and changed >= 10


def test_by_night_the_sky_darkens_more_than_the_ground():
    x, classes = street()
    for seed in range(12):
        y = weather.night(x, classes, np.random.default_rng(seed))
        top, bottom = (float((y[:, part].mean() / x[:, part].mean())) for part in (slice(0, 28), slice(36, 64)))
        assert y.mean() < 0.8 * x.mean() and top < 1.2 * bottom


def test_snow_lies_on_pavements():
    x, classes = street()
    lighter = [float((weather.snow(x, classes, np.random.default_rng(s)) - x)[:, 50:, :40].mean()) for s in range(20)]
    assert np.mean(lighter) > 25


def test_a_wet_road_mirrors_and_the_sky_stays():
    x, classes = street()
    for seed in range(8):
        y = weather.wet(x, classes, np.random.default_rng(seed))
        assert torch.equal(y[:, :24], x[:, :24])


def test_what_is_dark_is_not_made_darker(monkeypatch):
    x, classes = street()
    monkeypatch.setattr(weather, "night", lambda *_: pytest.fail("night upon night"))
    for seed in range(30):
        weather.weathered(x * 0.3, classes, np.random.default_rng(seed))


def test_unknown_classes_are_no_obstacle():
    x, _ = street()
    unknown = torch.full((16, 24), 255, dtype=torch.uint8)
    for seed in range(20):
        assert torch.isfinite(weather.weathered(x, unknown, np.random.default_rng(seed))).all()


def own_cars():
    image = np.full((60, 80, 3), 90, np.uint8)
    image[48:] = (200, 30, 30)
    label = np.full((2, 60, 80), 3, np.uint8)
    label[:, 48:] = OWN_CAR
    plain = np.full((2, 60, 80), 3, np.uint8)
    return Source("streets/train", [image, image], [label, plain], ["a.png", "b.png"])


def test_only_pictures_with_an_own_car_are_cut():
    assert len(Bonnets.cut([own_cars()], OWN_CAR)) == 1


def test_a_cut_covers_the_lower_edge_and_nothing_else():
    bonnets = Bonnets.cut([own_cars()], OWN_CAR)
    picture = np.full((64, 96, 3), 100, np.float32)
    for seed in range(20):
        out, mask = bonnets.draw(picture, np.random.default_rng(seed))
        assert 0.05 < mask.mean() < 0.25 and mask[-1].all() and not mask[:45].any()
        assert np.array_equal(out[~mask], picture[~mask]) and out.min() >= 0 and out.max() <= 255


def test_pasted_cars_are_labelled_own_car():
    bonnets = Bonnets.cut([own_cars()], OWN_CAR)
    image, label = np.full((60, 80, 3), 90, np.uint8), np.zeros((2, 60, 80), np.uint8)
    for seed in range(8):
        _, y = training_sample(image, label, np.random.default_rng(seed), 96, 64, 4, 1.0, bonnets=bonnets, real_bonnet=1.0)
        assert (y[0] == OWN_CAR).any() and torch.equal(y[0] == OWN_CAR, y[1] == OWN_CAR)


def test_weather_comes_when_it_is_asked_for():
    image = np.random.default_rng(0).integers(80, 200, (60, 80, 3), dtype=np.uint8)
    label = np.zeros((2, 60, 80), np.uint8)
    plain, changed = ([training_sample(image, label, np.random.default_rng(s), 96, 64, 4, 0.0, weather=share)[0] for s in range(6)]
                      for share in (0.0, 1.0))
    assert all(not torch.equal(a, b) for a, b in zip(plain, changed))
