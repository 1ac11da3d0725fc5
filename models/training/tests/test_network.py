import pytest
import torch
import torch.nn.functional as F

import checkpoint
from config import NETWORKS, NUM_CLASSES, NetworkConfig
from network import PSPNet, count_macs, count_parameters
from pooling import level_mask, pool_matrix, upsample_matrix


@pytest.mark.parametrize("size", [(18, 30), (11, 19), (6, 6), (24, 42)])
def test_pooling_matrices_equal_adaptive_pooling_and_bilinear(size):
    h, w = size
    x = torch.randn(5, h * w)
    cells = x @ pool_matrix(h, w, (1, 2, 3, 6))
    up = upsample_matrix(h, w, (1, 2, 3, 6))
    start = 0
    for b in (1, 2, 3, 6):
        part = cells[:, start:start + b * b].reshape(1, 5, b, b)
        assert torch.allclose(part, F.adaptive_avg_pool2d(x.reshape(1, 5, h, w), b), atol=1e-5)
        grown = part.reshape(5, -1) @ up[start:start + b * b]
        wanted = F.interpolate(part, (h, w), mode="bilinear", align_corners=False)
        assert torch.allclose(grown.reshape(1, 5, h, w), wanted, atol=1e-5)
        start += b * b
    assert start == 50 == level_mask((1, 2, 3, 6)).sum()


@pytest.mark.parametrize("size", [(480, 288), (304, 176), (672, 384)])
def test_logits_are_at_an_eighth(tiny, size):
    w, h = size
    assert tiny(torch.zeros(2, 3, h, w)).shape == (2, NUM_CLASSES, h // 8, w // 8)


def test_output_strides_and_skip():
    x = torch.zeros(1, 3, 96, 96)
    base = NETWORKS["tiny"].to_dict()
    for stride, skip, side in ((16, True, 12), (16, False, 6), (8, True, 12), (8, False, 12)):
        net = PSPNet(NetworkConfig.from_dict(base | {"output_stride": stride, "skip": skip})).eval()
        assert net(x).shape[-1] == side == 96 // net.config.logit_stride


def test_a_detail_branch_begins_by_correcting_nothing(tiny):
    fine = PSPNet(NetworkConfig.from_dict(tiny.config.to_dict() | {"detail": 16})).eval()
    assert checkpoint.grow(fine, tiny.state_dict(), "tiny.pt") > 0
    x = torch.randn(1, 3, 96, 96)
    doubled = F.interpolate(tiny(x), scale_factor=2.0, mode="bilinear", align_corners=False)
    assert torch.equal(fine(x), doubled) and fine.config.logit_stride == 4
    torch.nn.init.normal_(fine.detail_classify.weight)
    assert not torch.allclose(fine(x), doubled)
    with pytest.raises(ValueError, match="stands on the skip"):
        NetworkConfig(detail=16, skip=False)


def test_auxiliary_head_only_while_training(tiny):
    main, aux = tiny.train()(torch.randn(2, 3, 96, 96))
    assert main.shape[-1] == 12 and aux.shape[-1] == 6


def test_gate_silences_levels(tiny):
    x = torch.randn(1, 3, 96, 96)
    full = tiny(x)
    assert torch.equal(full, tiny(x, torch.ones(4)))
    for level in range(4):
        gate = torch.ones(4)
        gate[level] = 0
        assert not torch.allclose(full, tiny(x, gate))


def test_budgets():
    for name, gmac, mega in (("lite", 2.5, 3.5), ("base", 10, 99), ("dense", 2.5, 3.5)):
        net = PSPNet(NETWORKS[name])
        size = (672, 384) if name == "base" else (480, 288)
        assert count_macs(net, *size) <= gmac * 1e9
        assert count_parameters(net) <= mega * 1e6


def test_config_survives_a_round_trip_and_refuses_nonsense():
    assert NetworkConfig.from_dict(NETWORKS["base"].to_dict()) == NETWORKS["base"]
    with pytest.raises(ValueError, match="output stride"):
        NetworkConfig(output_stride=4)
