import pytest
import torch

from average import averaged, main
from checkpoint import save


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


def test_from_the_command_line(tmp_path, capsys):
    first, second, other, out = (str(tmp_path / f"{name}.pt") for name in ("first", "second", "other", "out"))
    save(state(1.0), first)
    save(state(2.0), second)
    save(state(2.0, {"name": "y"}), other)
    assert main(["--first", first, "--second", second, "--out", out]) == 0
    assert torch.equal(torch.load(out)["ema"]["a.weight"], torch.full((2, 2), 1.5))
    assert main(["--first", first, "--second", other, "--out", out]) == 1
    assert capsys.readouterr().err == "error: the two checkpoints are of different architectures\n"
