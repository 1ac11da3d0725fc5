import numpy as np
import pytest
import torch
from PIL import Image

import checkpoint
import pseudo
from config import IGNORE, NUM_CLASSES, SET_DRIVABLE, SET_NOT_DRIVABLE
from data import DataError, load_extra
from peers import mirrored, open_peer, teacher
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
    assert pseudo.main([*words, "--peer", str(first)]) == 1
    assert "is not a model" in capsys.readouterr().err
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


def peer_file(path, kind):
    """A network that calls road what is bright in its second colour, as either kind of peer would say it."""
    from onnx import TensorProto, helper, numpy_helper, save

    channels = {"openvino": 4, "twin": 2}[kind]
    kernel = np.zeros((channels, 3, 1, 1), np.float32)
    kernel[1, 1] = 1.0 / 255 if kind == "openvino" else 20.0
    bias = np.zeros(channels, np.float32)
    bias[1] = 0.0 if kind == "openvino" else -10.0
    name = "da" if kind == "twin" else "out"
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "w", "b"], [name])], "peer",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 16, 24])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, channels, 16, 24])],
        [numpy_helper.from_array(kernel, "w"), numpy_helper.from_array(bias, "b")])
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return str(path)


def test_peers_are_told_apart_and_see_pictures_the_right_way_round(tmp_path):
    image = np.zeros((32, 48, 3), np.uint8)
    image[:, 24:, 1] = 255
    for kind in ("openvino", "twin"):
        road = open_peer(peer_file(tmp_path / f"{kind}.onnx", kind), 1)
        for p in (road(image), mirrored(road)(image)):
            assert p.shape == (32, 48) and p[:, :20].max() < 0.01 and p[:, 28:].min() > 0.99


def test_families_weigh_alike_whatever_their_size():
    def says(p):
        return lambda image: torch.full(image.shape[:2], p)

    image = np.zeros((2, 2, 3), np.uint8)
    assert torch.allclose(teacher([[says(0.9), says(0.7)], [says(0.2)]])(image), torch.full((2, 2), 0.5))


def test_a_set_keeps_its_labels_and_the_teacher_fills_what_is_unsure(tmp_path, tiny, capsys):
    data, weights, out = tmp_path / "data", tmp_path / "w.pt", tmp_path / "out"
    checkpoint.save({"network": tiny.config.to_dict(), "ema": tiny.state_dict()}, weights)
    for part, array in (("images", np.full((32, 48, 3), 90, np.uint8)), ("drivable", np.repeat([[1, 0, 255]], 16, 1).repeat(32, 0))):
        folder = data / "wet" / "train" / part
        folder.mkdir(parents=True)
        Image.fromarray(array.astype(np.uint8)).save(folder / "a.png")
    peers = [word for kind in ("openvino", "twin") for word in ("--peer", peer_file(tmp_path / f"{kind}.onnx", kind))]
    words = ["--weights", str(weights), "--weights", str(weights), *peers, "--data", str(data), "--set", "wet/train", "--threads", "1"]
    assert pseudo.main([*words, "--out", str(out)]) == 0
    assert "1 pictures, 66.7 % of their pixels labelled; 33.3 % have" in capsys.readouterr().out
    sets, fine, road = load_extra(out).labels[0]
    assert (sets[:, :16] == SET_DRIVABLE).all() and (sets[:, 16:32] == SET_NOT_DRIVABLE).all() and (fine == IGNORE).all()
    assert (road[:, :32] == IGNORE).all() and (road[:, 32:] <= 250).all()
    Image.fromarray(np.full((32, 48), 251, np.uint8)).save(out / "road" / "a.png")
    with pytest.raises(DataError, match="unknown id 251"):
        load_extra(out)
