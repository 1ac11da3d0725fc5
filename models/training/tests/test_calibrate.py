import torch

import calibrate
import checkpoint
from calibrate import Pixels, quality, search
from config import NUM_CLASSES, OWN_CAR


def unsure(shift: float, kind: str) -> Pixels:
    """Two thirds road and one third pavement, told apart by logits that favour pavement by ``shift``."""
    torch.manual_seed(0)
    n = 3000
    road = torch.arange(n) % 3 > 0
    logits = torch.full((n, NUM_CLASSES), -9.0)
    logits[:, 0] = torch.where(road, 1.0, -1.0) + 0.4 * torch.randn(n)
    logits[:, 2] = shift
    truth = torch.where(road, *{"class": (0, 2), "group": (0, 1), "road": (1, 0)}[kind]).to(torch.uint8)
    return Pixels(logits, truth, torch.ones(n), kind)


def test_the_search_takes_back_what_weights_added():
    for kind in ("class", "group", "road"):
        pixels = unsure(1.6, kind)
        before = quality(pixels, torch.zeros(NUM_CLASSES))
        shift = search([pixels])
        after = quality(pixels, shift)
        assert after[0] > before[0] + 0.1 and after[1] > before[1] + 0.1
        assert 0.9 < float(shift[0] - shift[2]) < 2.3
        assert float(shift[[3, 5, 8, 11]].abs().max()) == 0.0


def test_what_is_balanced_stays():
    assert float(search([unsure(0.0, "class")]).abs().max()) <= 0.4


def test_only_the_bias_changes(data, tiny, tmp_path, capsys):
    first, second = tmp_path / "first.pt", tmp_path / "second.pt"
    checkpoint.save({"network": tiny.config.to_dict(), "ema": tiny.state_dict()}, first)
    arguments = ["--data", str(data), "--weights", str(first), "--width", "96", "--height", "64", "--threads", "1"]
    assert calibrate.main([*arguments, "--out", str(second)]) == 0
    said = capsys.readouterr().out
    assert "camvid/train: drivable" in said and "idd/train: drivable" in said
    a, b = checkpoint.read(first)["ema"], checkpoint.read(second)["ema"]
    assert {k for k in a if not torch.equal(a[k], b[k])} == {"classify.bias"}
    assert calibrate.main(["--data", str(tmp_path), "--weights", str(first), "--out", str(second)]) == 1
    assert capsys.readouterr().err.startswith("error: the folder ")


def test_the_own_car_counts_where_people_marked_it():
    pixels = unsure(0.0, "road")
    pixels.truth[:600] = 2
    pixels.logits[:600] = -9.0
    pixels.logits[:600, OWN_CAR], pixels.logits[:600, 11] = 2.8, 3.0
    shift = search([pixels])
    assert quality(pixels, torch.zeros(NUM_CLASSES))[1] == 0 and quality(pixels, shift)[1] > 0.95
    assert float(shift[OWN_CAR] - shift[11]) > 0.2


def test_missing_sets_are_said_and_twelve_classes_refused(data, tiny, tmp_path, capsys):
    first = tmp_path / "first.pt"
    checkpoint.save({"network": tiny.config.to_dict(), "ema": tiny.state_dict()}, first)
    words = ["--data", str(data), "--weights", str(first), "--width", "96", "--height", "64", "--threads", "1", "--out", str(first)]
    assert calibrate.main(words) == 0
    assert "the set streets is not in" in capsys.readouterr().out
    old = tiny.config.to_dict() | {"classes": 12}
    state = {k: v[:12] if k.startswith(("classify", "auxiliary.1")) else v for k, v in tiny.state_dict().items()}
    checkpoint.save({"network": old, "ema": state}, first)
    assert calibrate.main(words) == 1
    assert "knows 12 classes, not 13" in capsys.readouterr().err
