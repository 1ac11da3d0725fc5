import numpy as np
import torch
from PIL import Image

import checkpoint
import pseudo
from config import IGNORE, NUM_CLASSES, SET_NOT_DRIVABLE
from data import load_extra
from pseudo import defer, probabilities, sure_label


def test_only_what_is_sure_and_undisputed_is_labelled():
    p = torch.full((NUM_CLASSES, 1, 4), 0.01)
    p[0, 0] = torch.tensor([0.9, 0.6, 0.9, 0.9])
    other = np.array([[0, 0, 2, IGNORE]], np.uint8)
    assert sure_label(p, 0.75).tolist() == [[0, IGNORE, 0, 0]]
    assert sure_label(p, 0.75, other).tolist() == [[0, IGNORE, IGNORE, 0]]
    assert sure_label(p, 0.5, other).tolist() == [[0, 0, IGNORE, 0]]


def test_a_mirrored_picture_gets_mirrored_probabilities():
    image = np.random.default_rng(1).integers(0, 255, (40, 60, 3), dtype=np.uint8)

    def predict(x):
        return torch.cat([x, x * 2, x * 3, x * 4, x[:1]])   # maps that know left from right

    there, back = probabilities(predict, image), probabilities(predict, image[:, ::-1].copy())
    assert there.shape == (NUM_CLASSES, 40, 60)
    assert torch.allclose(there.sum(0), torch.ones(40, 60), atol=1e-5)
    assert torch.allclose(there.flip(2), back, atol=1e-3)


def test_a_class_that_is_never_there_gives_its_place_to_the_next():
    def predict(x):
        logits = torch.zeros(NUM_CLASSES, *x.shape[1:])
        logits[10], logits[11] = 5.0, 4.0
        return logits

    p = probabilities(predict, np.zeros((8, 8, 3), np.uint8), never=(10,))
    assert float(p[10].max()) == 0.0 and p.sum(0).allclose(torch.ones(8, 8), atol=1e-5)
    assert float(p[11].min()) > 0.8


def test_a_peer_may_overrule_what_is_road():
    label = np.array([[0, 0, 0, 2, 2, IGNORE, IGNORE, 1]], np.uint8)
    road = torch.tensor([[0.95, 0.5, 0.1, 0.9, 0.1, 0.1, 0.9, 0.8]])
    assert defer(label, road, 0.75).tolist() == [[0, IGNORE, SET_NOT_DRIVABLE, IGNORE, 2, SET_NOT_DRIVABLE, IGNORE, 1]]


def test_what_it_writes_is_read_as_an_extra_folder(data, tiny, tmp_path, capsys):
    first = tmp_path / "first.pt"
    checkpoint.save({"network": tiny.config.to_dict(), "ema": tiny.state_dict()}, first)
    out = tmp_path / "out"
    images = data / "idd" / "val" / "images"
    words = ["--weights", str(first), "--images", str(images), "--out", str(out), "--threads", "1"]
    assert pseudo.main([*words, "--sure", "0"]) == 0
    assert "4 pictures, 100.0 %" in capsys.readouterr().out
    source = load_extra(out)
    assert source.name == "extra/out" and len(source) == 4
    assert source.labels[0].max() < NUM_CLASSES

    assert pseudo.main([*words, "--sure", "1.1"]) == 0
    assert (load_extra(out).labels[0] == IGNORE).all()

    Image.fromarray(np.full((64, 96), SET_NOT_DRIVABLE, np.uint8)).save(out / "labels" / "000.png")
    sets, fine = load_extra(out).labels[0]
    assert (sets == SET_NOT_DRIVABLE).all() and (fine == IGNORE).all()

    assert pseudo.main([*words, "--never", "tram"]) == 1
    assert "--never tram is none of the classes road" in capsys.readouterr().err
    assert pseudo.main([*words, "--road", str(first)]) == 1
    assert "is not a model" in capsys.readouterr().err

    others = tmp_path / "others"
    others.mkdir()
    assert pseudo.main([*words, "--agree", str(others)]) == 1
    assert "cannot be read" in capsys.readouterr().err
    for file in images.iterdir():
        Image.fromarray(np.zeros((5, 5), np.uint8)).save(others / f"{file.stem}.png")
    assert pseudo.main([*words, "--agree", str(others)]) == 1
    assert "differ in size" in capsys.readouterr().err


def test_an_empty_folder_is_said(tmp_path, tiny, capsys):
    first = tmp_path / "first.pt"
    checkpoint.save({"network": tiny.config.to_dict(), "ema": tiny.state_dict()}, first)
    empty = tmp_path / "none"
    empty.mkdir()
    assert pseudo.main(["--weights", str(first), "--images", str(empty), "--out", str(tmp_path / "o")]) == 1
    assert "holds no pictures" in capsys.readouterr().err
