import torch

import speed
from config import NETWORKS


def test_both_measure_something():
    assert speed.training(NETWORKS["tiny"], ("stem",), 96, 64, 2) > 0
    assert speed.gradient(16, 8, 12, 3, 2, 1, torch.float32, 2) > 0
