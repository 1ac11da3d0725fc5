import numpy as np
import torch

import occluders
from augment import (Geometry, evaluation_sample, identity, normalise, random_geometry, sample_image, sample_label, tone_table,
                     training_sample)
from config import IGNORE, OWN_CAR, SET_NOT_DRIVABLE


def test_image_and_label_stay_aligned():
    """A picture whose brightness is its label must still be so after any geometry."""
    label = np.zeros((2, 90, 120), np.uint8)
    label[:, 20:70, 30:60] = 7
    label[:, 60:85, 80:110] = 11
    picture = torch.from_numpy(label[0].astype(np.float32) * 20)[None].repeat(3, 1, 1)
    for seed in range(40):
        geometry = random_geometry(np.random.default_rng(seed), 120, 90)
        x = sample_image(picture, geometry, 192, 96, "zeros")
        x = torch.nn.functional.avg_pool2d(x[:, 1:, 1:], 2, 4)[0]    # around the cells' centres
        y = sample_label(label, geometry, 48, 24)[0]
        seen = y != IGNORE
        off = ((x - y.float() * 20).abs() > 120)[seen].float().mean()
        wrong = ((x - y.flip(-1).float() * 20).abs() > 120)[seen].float().mean()
        assert off < 0.05 and (off < wrong or wrong < 0.1), seed


def test_mirror_is_a_mirror():
    label = np.arange(12, dtype=np.uint8)[None, None].repeat(2, 0).repeat(8, 1)
    straight = sample_label(label, identity(), 12, 8)
    theta = identity().theta.clone()
    theta[0, 0] = -1
    assert torch.equal(straight[0], torch.from_numpy(label[0]))
    assert torch.equal(sample_label(label, Geometry(theta, True), 12, 8), straight.flip(-1))


def test_outside_the_picture_is_ignored():
    geometry = Geometry(torch.tensor([[2.0, 0, 0], [0, 2.0, 0]]), False)
    y = sample_label(np.zeros((2, 10, 10), np.uint8), geometry, 8, 8)
    assert (y[:, 2:6, 2:6] == 0).all() and (y[:, :2] == IGNORE).all()


def test_samples_follow_their_seed_and_stay_in_range():
    image = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    label = np.zeros((2, 60, 80), np.uint8)
    for seed in range(30):
        a = training_sample(image, label, np.random.default_rng(seed), 96, 64, 4, 0.5)
        b = training_sample(image, label, np.random.default_rng(seed), 96, 64, 4, 0.5)
        assert torch.equal(a[0], b[0]) and torch.equal(a[1], b[1])
        assert a[0].shape == (3, 64, 96) and a[1].shape == (3, 16, 24) and (a[1][2] == IGNORE).all()
        assert a[0].min() >= -1.81 and a[0].max() <= 2.21 and torch.isfinite(a[0]).all()


def test_occluders_cover_some_and_never_all():
    image = np.full((144, 240, 3), 128, np.float32)
    shares = []
    for seed in range(80):
        out, own, other = occluders.draw(image, np.random.default_rng(seed))
        mask = own | other
        assert out.shape == image.shape and mask.shape == image.shape[:2] and not (own & other).any()
        assert np.array_equal(out[~mask], image[~mask])
        shares.append(mask.mean())
    assert max(shares) < 0.7 and np.mean([s > 0.005 for s in shares]) > 0.8


def test_covered_pixels_become_own_car_or_not_drivable():
    image = np.full((60, 80, 3), 90, np.uint8)
    label = np.zeros((2, 60, 80), np.uint8)
    hits = {OWN_CAR: 0, SET_NOT_DRIVABLE: 0}
    for seed in range(30):
        _, y = training_sample(image, label, np.random.default_rng(seed), 96, 64, 4, 1.0)
        for sets, fine in ((OWN_CAR, OWN_CAR), (SET_NOT_DRIVABLE, IGNORE)):
            hits[sets] += bool((y[0] == sets).any())
            assert (y[1][y[0] == sets] == fine).all()
    assert hits[OWN_CAR] >= 15 and hits[SET_NOT_DRIVABLE] >= 4


def test_tone_is_monotonous():
    for seed in range(20):
        assert (np.diff(tone_table(np.random.default_rng(seed)), axis=0) >= 0).all()


def test_a_calm_sample_is_the_picture_and_nothing_else():
    image = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    label = np.zeros((2, 60, 80), np.uint8)
    for seed in range(10):
        x, y = training_sample(image, label, np.random.default_rng(seed), 96, 64, 4, 1.0, calm=1.0)
        geometry = random_geometry(np.random.default_rng(seed), 80, 60)
        plain = torch.from_numpy(image).permute(2, 0, 1).float()
        same = [torch.allclose(x, normalise(sample_image(plain, geometry, 96, 64, p)), atol=1e-4) for p in ("reflection", "zeros")]
        assert any(same) and not (y == SET_NOT_DRIVABLE).any()


def test_pictures_are_spoilt_alike_for_everybody():
    image = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    plain = evaluation_sample(image, 96, 64)
    for number in range(8):
        a, b = (evaluation_sample(image, 96, 64, number) for _ in range(2))
        assert torch.equal(a, b) and a.shape == plain.shape
        assert (a - plain).abs().mean() > 0.05 and a.min() >= -1.81 and a.max() <= 2.21
