import pytest
import torch

from average import averaged


def state(value, config=None):
    weights = {"a.weight": torch.full((2, 2), value), "a.num_batches_tracked": torch.tensor(int(value))}
    return {"network": config or {"name": "x"}, "ema": weights}


def test_lies_between_the_two():
    mixed = averaged(state(0.0), state(4.0), 0.75)
    assert torch.equal(mixed["ema"]["a.weight"], torch.full((2, 2), 3.0))
    assert mixed["ema"]["a.num_batches_tracked"] == 4


@pytest.mark.parametrize("share, expected", [(0.0, 1.0), (1.0, 2.0)])
def test_ends_are_the_ends(share, expected):
    assert torch.equal(averaged(state(1.0), state(2.0), share)["ema"]["a.weight"], torch.full((2, 2), expected))


def test_another_architecture_is_refused():
    with pytest.raises(ValueError, match="architectures"):
        averaged(state(1.0), state(1.0, {"name": "y"}), 0.5)


def test_a_share_outside_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        averaged(state(1.0), state(1.0), 1.5)
