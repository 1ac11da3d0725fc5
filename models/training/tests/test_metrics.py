import torch

from config import GROUP_TO_SET, IGNORE, NUM_CLASSES, OWN_CAR, SET_NOT_DRIVABLE
from metrics import Scores, confusion, iou, merge


def test_iou_by_hand():
    m = confusion(torch.tensor([0, 0, 1, 1, 255]), torch.tensor([0, 1, 1, 1, 0]), 2)
    assert m.tolist() == [[1, 1], [0, 2]]
    assert torch.allclose(iou(m), torch.tensor([1 / 2, 2 / 3], dtype=torch.double))
    assert torch.isnan(iou(torch.zeros(2, 2))).all()


def test_merge_adds_up():
    m = torch.arange(9).view(3, 3)
    assert merge(m, [(0, 1), (2,)]).tolist() == [[0 + 1 + 3 + 4, 2 + 5], [6 + 7, 8]]


def test_perfect_logits_score_hundred():
    fine = torch.randint(0, 12, (8, 8), dtype=torch.uint8)
    logits = torch.nn.functional.one_hot(fine.long(), NUM_CLASSES).permute(2, 0, 1) * 9.0
    camvid = Scores(coarse=False)
    camvid.add(logits, torch.stack([fine, fine]))
    assert camvid.summary()["miou12"] == camvid.summary()["miou11"] == camvid.summary()["drivable"] == 100


def test_a_group_wins_by_its_sum():
    """Two members of one group with 0.3 each beat a single class with 0.4."""
    p = torch.full((12, 1, 1), 1e-6)
    p[3], p[7], p[8] = 0.3, 0.3, 0.4
    scores = Scores(coarse=True)
    scores.add(p.log(), torch.stack([torch.full((1, 1), GROUP_TO_SET[5]), torch.full((1, 1), 3)]).byte())
    assert scores.groups[5, 5] == 1


def test_the_own_car_is_not_road_and_costs_no_class_where_nobody_labels_it():
    fine = torch.arange(12, dtype=torch.uint8).repeat(2, 1)
    logits = torch.nn.functional.one_hot(fine.long(), NUM_CLASSES).permute(2, 0, 1) * 9.0
    logits[OWN_CAR, 0, 5] = 20.0
    scores = Scores(coarse=False)
    scores.add(logits, torch.stack([fine, fine]))
    assert scores.summary()["miou12"] == round(100 * 11.5 / 12, 2) and "own_car" not in scores.summary()


def test_what_the_own_car_is_called():
    sets = torch.tensor([[OWN_CAR, OWN_CAR, OWN_CAR, OWN_CAR, SET_NOT_DRIVABLE, IGNORE]], dtype=torch.uint8)
    guess = torch.tensor([[0, 11, OWN_CAR, 3, 1, 0]])
    scores = Scores(coarse=False)
    scores.add(torch.nn.functional.one_hot(guess, NUM_CLASSES).permute(2, 0, 1) * 9.0, torch.stack([sets, torch.full_like(sets, IGNORE)]))
    assert scores.summary()["own_car"] == {"drivable": 25.0, "obstacle": 25.0}
    assert scores.drivable.tolist() == [[3, 2], [0, 0]]


def test_by_condition():
    scores = Scores(coarse=False)
    for said in (0, 2):
        sets = torch.zeros(1, 4, dtype=torch.uint8)
        logits = torch.nn.functional.one_hot(torch.full((1, 4), said), NUM_CLASSES).permute(2, 0, 1) * 9.0
        scores.add(logits, torch.stack([sets, sets]))
    assert scores.by_condition(["night", "fog"]) == {"fog": {"images": 1, "drivable": 0.0}, "night": {"images": 1, "drivable": 100.0}}
    assert scores.by_condition(["rain", "rain"]) == {"rain": {"images": 2, "drivable": 50.0}}


def test_a_network_of_fewer_classes_is_scored_as_well():
    fine = torch.tensor([[0, 2, OWN_CAR]], dtype=torch.uint8)
    scores = Scores(coarse=False)
    scores.add(torch.nn.functional.one_hot(torch.tensor([[0, 2, 11]]), 12).permute(2, 0, 1) * 9.0, torch.stack([fine, fine]))
    assert scores.summary()["own_car"] == {"drivable": 0.0, "obstacle": 100.0}
