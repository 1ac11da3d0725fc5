import math

import torch
import torch.nn.functional as F

from config import GROUP_TO_SET, GROUPS, IGNORE, NUM_CLASSES, SET_DRIVABLE, SET_NOT_DRIVABLE, SETS
from losses import ROAD_OF_SET, distil_loss, fine_loss, kerbs, road_loss, set_loss, set_table, soft_weights

ONES = torch.ones(256)


def logits_and(set_id: int):
    torch.manual_seed(1)
    return torch.randn(1, NUM_CLASSES, 2, 3), torch.full((1, 2, 3), set_id, dtype=torch.uint8)


def test_single_class_is_cross_entropy():
    logits, sets = logits_and(5)
    wanted = F.cross_entropy(logits, sets.long())
    assert torch.allclose(set_loss(logits, sets, ONES, set_table()), wanted, atol=1e-6)


def test_group_is_log_of_summed_probability():
    for group, (_, members) in enumerate(GROUPS):
        logits, sets = logits_and(GROUP_TO_SET[group])
        p = logits.softmax(1)[:, list(members)].sum(1)
        assert torch.allclose(set_loss(logits, sets, ONES, set_table()), -p.log().mean(), atol=1e-5)


def test_occluder_is_one_minus_drivable():
    logits, sets = logits_and(SET_NOT_DRIVABLE)
    p = logits.softmax(1)[:, :2].sum(1)
    assert torch.allclose(set_loss(logits, sets, ONES, set_table()), -(1 - p).log().mean(), atol=1e-5)


def test_cyclist_satisfies_both_of_its_groups():
    logits = torch.full((1, NUM_CLASSES, 1, 1), -20.0)
    logits[0, 10] = 20.0
    for group in (2, 3):
        sets = torch.full((1, 1, 1), GROUP_TO_SET[group], dtype=torch.uint8)
        assert set_loss(logits, sets, ONES, set_table()) < 1e-6


def test_ignored_pixels_do_not_count():
    logits, sets = logits_and(3)
    sets[0, 0] = IGNORE
    only = set_loss(logits[:, :, 1:], sets[:, 1:], ONES, set_table())
    assert torch.allclose(set_loss(logits, sets, ONES, set_table()), only)
    nothing = torch.full_like(sets, IGNORE)
    assert set_loss(logits, nothing, ONES, set_table()) == 0
    assert fine_loss(logits, nothing, torch.ones(NUM_CLASSES)) == 0


def test_rare_weighs_more_and_pixels_average_to_one():
    counts = torch.tensor([900.0, 90.0, 10.0])
    w = soft_weights(counts, 1.06)
    assert w[0] < w[1] < w[2]
    assert math.isclose(float((w * counts / counts.sum()).sum()), 1.0, rel_tol=1e-5)


def test_every_set_says_whether_it_is_road_or_does_not_say():
    assert [int(ROAD_OF_SET[i]) for i in (0, 1, 2, 12, SET_DRIVABLE, SET_NOT_DRIVABLE, IGNORE)] == [1, 1, 0, 0, 1, 0, IGNORE]
    assert len(SETS) == NUM_CLASSES + 6 and not any(NUM_CLASSES <= i < 100 for i in SETS)


def test_a_kerb_is_where_road_meets_what_is_known_not_to_be():
    sets = torch.full((1, 5, 9), IGNORE, dtype=torch.uint8)
    sets[0, :, :3], sets[0, :, 3:5] = SET_DRIVABLE, 2
    assert kerbs(sets, 1)[0, 2].tolist() == [False, False, True, True, False, False, False, False, False]


def test_places_weigh_pixels_and_keep_the_mean():
    logits, sets = logits_and(3)
    logits[..., 0] = 0
    even, doubled = torch.ones(1, 2, 3), torch.ones(1, 2, 3)
    doubled[..., 0] = 1e6
    assert torch.allclose(set_loss(logits, sets, ONES, set_table(), even), set_loss(logits, sets, ONES, set_table()))
    assert torch.allclose(set_loss(logits, sets, ONES, set_table(), doubled), torch.tensor(float(NUM_CLASSES)).log(), atol=1e-3)


def test_a_teacher_of_road_is_cross_entropy_on_two_classes():
    logits, road = logits_and(0)
    road[0, 0], road[0, 1] = 250, 50
    p = logits.softmax(1)[:, :2].sum(1)
    wanted = -(p[0, 0].log().mean() + (0.2 * p[0, 1].log() + 0.8 * (1 - p[0, 1]).log()).mean()) / 2
    assert torch.allclose(road_loss(logits, road), wanted, atol=1e-5)
    road[0, 1] = IGNORE
    assert torch.allclose(road_loss(logits, road), -p[0, 0].log().mean(), atol=1e-5)
    assert road_loss(logits, torch.full_like(road, IGNORE)) == 0


def test_a_teacher_is_agreed_with_where_the_loss_is_least():
    """Zero for the same probabilities, whatever is added to all logits, and the divergence otherwise; any size will do."""
    torch.manual_seed(3)
    student, teacher = torch.randn(2, NUM_CLASSES, 4, 6), torch.randn(2, NUM_CLASSES, 4, 6)
    assert abs(float(distil_loss(teacher + 3, teacher))) < 1e-6
    p, q = teacher.softmax(1), student.softmax(1)
    assert torch.allclose(distil_loss(student, teacher), (p * (p / q).log()).sum(1).mean(), atol=1e-5)
    flat = torch.randn(2, NUM_CLASSES, 1, 1)
    assert torch.allclose(distil_loss(student, flat.expand(-1, -1, 2, 3)), distil_loss(student, flat.expand(-1, -1, 4, 6)), atol=1e-5)
