"""Run where the converter is installed: ``python -m pytest --noconftest tests/test_convert.py``."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("ai_edge_quantizer", reason="the converter has an environment of its own")
onnx = pytest.importorskip("onnx")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import convert  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

W, H, CELLS = 48, 32, 5


def network(path: Path, classes: int = 3) -> None:
    """Convolution, a pyramid of two products with a gate, logits: the shape of the real ones, under other names."""
    rng = np.random.default_rng(1)
    made, nodes = [], []

    def const(name, array):
        made.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def node(op, inputs, out, **attributes):
        nodes.append(helper.make_node(op, inputs, [out], out, **attributes))
        return out

    def conv(x, cin, cout, side, stride, name):
        w = const(name + "_w", rng.normal(0, 0.4, (cout, cin, side, side)).astype(np.float32))
        b = const(name + "_b", rng.normal(0, 0.1, cout).astype(np.float32))
        return node("Conv", [x, w, b], name, kernel_shape=[side, side], strides=[stride] * 2, pads=[side // 2] * 4)

    h, w, c = H // 4, W // 4, 8
    x = node("Relu", [conv("image", 3, c, 3, 2, "first")], "first_r")
    x = node("Relu", [conv(x, c, c, 3, 2, "second")], "second_r")
    flat = node("Reshape", [x, const("s1", np.array([c, h * w], np.int64))], "flat")
    pooled = node("MatMul", [flat, const("pool", rng.random((h * w, CELLS)).astype(np.float32) / (h * w))], "pooled")
    parts = node("Reshape", [pooled, const("s2", np.array([1, 4, c // 4, CELLS], np.int64))], "parts")
    gate = node("Reshape", ["gate", const("s3", np.array([1, 4, 1, 1], np.int64))], "gate_r")
    kept = node("Mul", [parts, gate], "kept")
    rows = node("Reshape", [kept, const("s4", np.array([c, CELLS], np.int64))], "rows")
    up = node("MatMul", [rows, const("up", rng.random((CELLS, h * w)).astype(np.float32))], "around_flat")
    around = node("Reshape", [up, const("s5", np.array([1, c, h, w], np.int64))], "around")
    x = node("Concat", [x, around], "both", axis=1)
    x = node("Relu", [conv(x, 2 * c, c, 3, 1, "head")], "head_r")
    conv(x, c, classes, 1, 1, "logits")
    graph = helper.make_graph(
        nodes, "toy",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, H, W]),
         helper.make_tensor_value_info("gate", TensorProto.FLOAT, [4])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, classes, h, w])], made)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def manifest(path: Path) -> None:
    path.write_text(json.dumps({
        "name": "toy", "files": [{"precision": "fp32", "path": "toy.fp32.onnx", "bytes": 1, "sha256": "0"}],
        "input": {"width": W, "height": H, "scale": 1 / 255, "mean": [0.45] * 3, "std": [0.25] * 3},
        "gate": {"name": "gate", "levels": [1, 2, 3, 6]}}))


@pytest.fixture
def folder(tmp_path):
    network(tmp_path / "toy.fp32.onnx")
    manifest(tmp_path / "toy.json")
    rng = np.random.default_rng(0)
    for name in {**convert.CALIBRATION, **convert.COMPARISON}:
        images = tmp_path / "data" / name / "images"
        images.mkdir(parents=True)
        for i in range(2):
            small = rng.integers(0, 255, (4, 6, 3)).astype(np.uint8)
            Image.fromarray(small).resize((W, H)).save(images / f"{i}.png")
    return tmp_path


def run(folder: Path) -> int:
    return convert.main(["--onnx", str(folder / "toy.fp32.onnx"), "--data", str(folder / "data"), "--out", str(folder)])


def test_converts_and_says_so_in_the_manifest(folder, monkeypatch):
    monkeypatch.setattr(convert, "MIXED_AGREEMENT_MIN", 0.8)   # random weights have no margin between classes
    before = (folder / "toy.fp32.onnx").read_bytes()
    assert run(folder) == 0
    assert (folder / "toy.fp32.onnx").read_bytes() == before
    files = json.loads((folder / "toy.json").read_text())["files"]
    assert [f.get("engine") for f in files] == [None, "litert"]
    entry = files[1]
    assert entry["precision"] == "int8" and 0.8 <= entry["agreement"] <= 1
    assert (folder / entry["path"]).stat().st_size == entry["bytes"]
    # Again: the entry is renewed, not added.
    assert run(folder) == 0
    assert len(json.loads((folder / "toy.json").read_text())["files"]) == 2


def test_pyramid_and_logits_stay_in_float(folder, tmp_path):
    (tmp_path / "made").mkdir()
    single = convert.to_float_tflite(folder / "toy.fp32.onnx", tmp_path / "made")
    names = " ".join(convert.float_nodes(single))
    assert "pooled" in names and "kept" in names and "around_flat" in names and "logits" in names
    assert "first" not in names and "head" not in names.replace("head_r", "")


@pytest.mark.parametrize("break_it, says", [
    (lambda f: (f / "toy.json").unlink(), "export it first"),
    (lambda f: (f / "toy.fp32.onnx").write_bytes(b"no network"), "ONNX Runtime can read"),
    (lambda f: __import__("shutil").rmtree(f / "data" / "wet"), "does not exist"),
])
def test_bad_input_ends_in_a_sentence(folder, capsys, break_it, says):
    break_it(folder)
    assert run(folder) == 1
    assert says in capsys.readouterr().err
    assert not list(folder.glob("*.tflite"))
