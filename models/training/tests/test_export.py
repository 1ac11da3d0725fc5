import hashlib
import json

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch

import checkpoint
import export
from config import CLASSES, NETWORKS, NUM_CLASSES
from graph import OPERATORS, build
from network import PSPNet


def run(model, image, gate):
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"image": image.numpy(), "gate": gate.numpy()})[0]


@pytest.mark.parametrize("changes", [{}, {"stem_pool": True}, {"skip": False}, {"detail": 16},
                                     {"output_stride": 8}, {"output_stride": 8, "skip": False}])
def test_onnx_equals_torch(tiny, changes):
    net = PSPNet(NETWORKS["tiny"].from_dict(tiny.config.to_dict() | changes)).eval()
    own = net.state_dict()
    net.load_state_dict({k: tiny.state_dict()[k] if k in tiny.state_dict() and tiny.state_dict()[k].shape == v.shape
                         else v for k, v in own.items()})
    if net.config.detail:
        torch.nn.init.normal_(net.detail_classify.weight)
    image = torch.randn(1, 3, 96, 144)
    for gate in (torch.ones(4), torch.tensor([1.0, 0, 0.5, 1])):
        with torch.no_grad():
            wanted = net(image, gate).numpy()
        for half, tolerance in ((False, 0.02), (True, 0.05)):
            got = run(build(net, 144, 96, half), image, gate)
            assert got.dtype == np.float32 and got.shape == wanted.shape
            assert np.abs(got - wanted).max() < tolerance * max(1, np.abs(wanted).max())


def test_half_storage_is_the_only_difference(tiny):
    """With weights that half precision holds exactly, the fp32 graph equals torch to rounding."""
    torch.manual_seed(3)
    net = PSPNet(tiny.config).eval()
    for m in net.modules():
        if isinstance(m, torch.nn.BatchNorm2d):
            m.eps = 0.0
            m.weight.data.fill_(1.0)
        elif isinstance(m, torch.nn.Conv2d):
            m.weight.data = m.weight.data.half().float()
            if m.bias is not None:
                m.bias.data = m.bias.data.half().float()
    image = torch.randn(1, 3, 96, 144)
    with torch.no_grad():
        wanted = net(image).numpy()
    assert np.abs(run(build(net, 144, 96, False), image, torch.ones(4)) - wanted).max() < 1e-4


def test_operators_and_static_shapes(tiny):
    for half in (False, True):
        model = build(tiny, 480, 288, half)
        assert {n.op_type for n in model.graph.node} <= OPERATORS
        assert [d.dim_value for d in model.graph.output[0].type.tensor_type.shape.dim] == [1, NUM_CLASSES, 36, 60]
        assert [d.dim_value for d in model.graph.input[1].type.tensor_type.shape.dim] == [4]
        assert model.opset_import[0].version == 17
    with pytest.raises(ValueError, match="does not divide"):
        build(tiny, 481, 288, False)


def test_files_and_manifest(tiny, tmp_path, capsys):
    weights = tmp_path / "last.pt"
    checkpoint.save({"network": tiny.config.to_dict(), "ema": tiny.state_dict()}, weights)
    state = tmp_path / "weights" / "tiny.pt"
    assert export.main(["--weights", str(weights), "--out", str(tmp_path), "--width", "96", "--height", "96",
                        "--state", str(state)]) == 0
    m = json.loads((tmp_path / "pspnet-tiny.json").read_text())
    assert m["output"] == {"name": "logits", "layout": "NCHW", "width": 12, "height": 12, "stride": 8,
                           "activation": "none"}
    assert m["classes"] == list(CLASSES) and m["classes"][12] == "own car"
    for file in m["files"]:
        raw = (tmp_path / file["path"]).read_bytes()
        assert len(raw) == file["bytes"] and hashlib.sha256(raw).hexdigest() == file["sha256"]
        onnx.checker.check_model(onnx.load_from_string(raw))
    net = checkpoint.network_of(state)
    x = torch.randn(1, 3, 96, 96)
    assert torch.allclose(net(x), tiny(x), atol=0.05)


def test_the_manifest_says_at_which_stride_logits_are(tiny, tmp_path):
    for name, detail, side in (("fine", 16, 24), ("plain", 0, 12)):
        net = PSPNet(NETWORKS["tiny"].from_dict(tiny.config.to_dict() | {"detail": detail})).eval()
        weights = tmp_path / f"{name}.pt"
        checkpoint.save({"network": net.config.to_dict(), "ema": net.state_dict()}, weights)
        assert export.main(["--weights", str(weights), "--out", str(tmp_path), "--width", "96", "--height", "96",
                            "--precision", "fp32", "--name", name]) == 0
        output = json.loads((tmp_path / f"{name}.json").read_text())["output"]
        assert (output["width"], output["height"], output["stride"]) == (side, side, 96 // side)


def test_nodes_are_called_by_their_place():
    torch.manual_seed(0)
    for half in (False, True):
        model = build(PSPNet(NETWORKS["lite"]).eval(), 96, 64, half)
        names = [n.name for n in model.graph.node]
        assert len(set(names)) == len(names) and all(n.output[0] == n.name for n in model.graph.node)
        for name in ("stage3_2_expand_conv", "pyramid_pool", "pyramid_project_conv", "pyramid_spread", "classify_conv",
                     "classify_double", "detail_classify_conv", "logits"):
            assert name in names
        assert {i.name for i in model.graph.initializer}.isdisjoint(names)
