import torch

from config import GROUP_TO_SET
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
    logits = torch.nn.functional.one_hot(fine.long(), 12).permute(2, 0, 1) * 9.0
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
