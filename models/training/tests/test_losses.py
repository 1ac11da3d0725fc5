import math

import torch
import torch.nn.functional as F

from config import GROUP_TO_SET, GROUPS, IGNORE, SET_NOT_DRIVABLE, SETS
from losses import fine_loss, set_loss, set_table, soft_weights

ONES = torch.ones(len(SETS))


def logits_and(set_id: int):
    torch.manual_seed(1)
    return torch.randn(1, 12, 2, 3), torch.full((1, 2, 3), set_id, dtype=torch.uint8)


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
    logits = torch.full((1, 12, 1, 1), -20.0)
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
    assert fine_loss(logits, nothing, torch.ones(12)) == 0


def test_rare_weighs_more_and_pixels_average_to_one():
    counts = torch.tensor([900.0, 90.0, 10.0])
    w = soft_weights(counts, 1.06)
    assert w[0] < w[1] < w[2]
    assert math.isclose(float((w * counts / counts.sum()).sum()), 1.0, rel_tol=1e-5)
