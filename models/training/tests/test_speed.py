import pytest
import torch

import bench
import speed
from config import NETWORKS, NUM_CLASSES, NetworkConfig
from network import PSPNet


def test_both_measure_something():
    assert speed.training(NETWORKS["tiny"], ("stem",), 96, 64, 2) > 0
    assert speed.gradient(16, 8, 12, 3, 2, 1, torch.float32, 2) > 0


@pytest.mark.parametrize("name", bench.VARIANTS)
def test_every_shape_that_is_compared_is_a_network(name):
    shape, width, height = bench.VARIANTS[name]
    net = PSPNet(NetworkConfig.from_dict(shape)).eval()
    stride = net.config.logit_stride
    with torch.no_grad():
        assert net(torch.zeros(1, 3, height, width)).shape == (1, NUM_CLASSES, height // stride, width // stride)
