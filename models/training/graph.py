"""Writes a trained network as an ONNX graph, node by node.

Built by hand rather than traced, so that the graph holds exactly these operators and nothing that
would leave the GPU: Conv, MaxPool, Relu, Clip, Add, MatMul, Reshape, Mul, Concat, Resize, Cast. Shapes are
static, the batch is one, batch normalisation is folded into the convolutions.

``fp32``: arithmetic in single precision, but the weights are *stored* in half precision, each
behind a Cast that the runtime folds while loading: half the download for the same speed.
``fp16``: arithmetic in half precision; inputs and outputs stay single.
"""

from __future__ import annotations

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from efficient import InvertedResidual, NormedConv
from network import BasicBlock, PSPNet
from pooling import level_mask, pool_matrix, upsample_matrix

OPSET = 17
OPERATORS = {"Conv", "Relu", "Add", "MatMul", "Reshape", "Mul", "Concat", "Resize", "Cast", "MaxPool", "Clip"}


class Graph:
    """Nodes and constants; every method returns the name of its output."""

    def __init__(self, half: bool) -> None:
        self.half = half
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._names: set[str] = set()
        self._bounds: dict[float, str] = {}

    def take(self, name: str) -> str:
        """A name for one thing only."""
        if name in self._names:
            raise ValueError(f"two things of the graph are called {name}")
        self._names.add(name)
        return name

    def add(self, op: str, inputs: list[str], name: str, **attributes: object) -> str:
        out = self.take(name)
        self.nodes.append(helper.make_node(op, inputs, [out], out, **attributes))
        return out

    def store(self, array: np.ndarray, name: str) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), self.take(name)))
        return name

    def weight(self, tensor: torch.Tensor, name: str) -> str:
        """A learnt constant: stored in half precision, used in the graph's precision."""
        array = tensor.detach().cpu().numpy().astype(np.float16)
        if self.half:
            return self.store(array, name)
        return self.add("Cast", [self.store(array, name + "_half")], name, to=TensorProto.FLOAT)

    def constant(self, tensor: torch.Tensor, name: str) -> str:
        """A fixed constant, stored in the graph's precision."""
        return self.store(tensor.numpy().astype(np.float16 if self.half else np.float32), name)

    def double(self, x: str, name: str) -> str:
        """Twice the size, bilinearly with half-pixel centres."""
        scales = self.store(np.array([1, 1, 2, 2], np.float32), name + "_scales")
        return self.add("Resize", [x, "", scales], name, mode="linear", coordinate_transformation_mode="half_pixel")

    def reshape(self, x: str, name: str, *shape: int) -> str:
        return self.add("Reshape", [x, self.store(np.array(shape, np.int64), name + "_shape")], name)

    def conv(self, x: str, conv: nn.Conv2d, relu: bool, stem: str) -> str:
        if conv.bias is None:
            raise ValueError("fold batch normalisation before writing a convolution")
        y = self._conv(x, conv, conv.weight, conv.bias, [*conv.padding] * 2, stem)
        return self.add("Relu", [y], stem + "_relu") if relu else y

    def normed_conv(self, x: str, conv: NormedConv, active: bool, stem: str) -> str:
        """A convolution of efficient.py, folded; ``active`` with its ReLU6."""
        before, behind = conv.pads
        y = self._conv(x, conv, *conv.folded(), [before, before, behind, behind], stem)
        return self.add("Clip", [y, self.bound(0.0), self.bound(6.0)], stem + "_relu6") if active else y

    def _conv(self, x: str, conv: nn.Conv2d, weight: torch.Tensor, bias: torch.Tensor, pads: list[int],
              stem: str) -> str:
        return self.add("Conv", [x, self.weight(weight, stem + "_weight"), self.weight(bias, stem + "_bias")], stem + "_conv",
                        kernel_shape=list(conv.kernel_size), strides=list(conv.stride), pads=pads,
                        dilations=list(conv.dilation), group=conv.groups)

    def bound(self, value: float) -> str:
        """A limit of Clip, one constant for all."""
        if value not in self._bounds:
            self._bounds[value] = self.constant(torch.tensor(value), f"bound_{value:.0f}")
        return self._bounds[value]

    def conv_bn(self, x: str, layer: nn.Sequential, stem: str) -> str:
        """A ``conv_bn`` layer of network.py: folded, with its ReLU when it has one."""
        return self.conv(x, fuse_conv_bn_eval(layer[0], layer[1]), len(layer) > 2, stem)

    def block(self, x: str, block: BasicBlock | InvertedResidual, stem: str) -> str:
        if isinstance(block, InvertedResidual):
            return self.inverted(x, block, stem)
        y = self.conv_bn(self.conv_bn(x, block.a, stem + "_first"), block.b, stem + "_second")
        s = x if isinstance(block.shortcut, nn.Identity) else self.conv_bn(x, block.shortcut, stem + "_shortcut")
        return self.add("Relu", [self.add("Add", [y, s], stem + "_add")], stem + "_relu")

    def inverted(self, x: str, block: InvertedResidual, stem: str) -> str:
        y = x if isinstance(block.expand, nn.Identity) else self.normed_conv(x, block.expand[0], True, stem + "_expand")
        y = self.normed_conv(y, block.depthwise[0], True, stem + "_depthwise")
        y = self.normed_conv(y, block.project, False, stem + "_project")
        return self.add("Add", [y, x], stem + "_add") if block.residual else y


def build(net: PSPNet, width: int, height: int, half: bool) -> onnx.ModelProto:
    """``image`` [1,3,height,width] and ``gate`` [levels] to ``logits`` [1,classes,h,w], all fp32.

    Nodes and what they give are called by their place: ``stage3_2_expand_conv``, ``pyramid_pool``, ``classify_conv``. A
    conversion picks layers by these names (README.md lists them), so they are part of what is exported.
    """
    config = net.config
    if width % config.output_stride or height % config.output_stride:
        raise ValueError(f"{width}x{height} does not divide by the stride {config.output_stride}")
    net = net.eval()
    g = Graph(half)
    image, gate = "image", "gate"
    if half:
        image = g.add("Cast", [image], "image_half", to=TensorProto.FLOAT16)
        gate = g.add("Cast", [gate], "gate_half", to=TensorProto.FLOAT16)

    x = image
    for i, layer in enumerate(net.stem):
        if isinstance(layer, nn.MaxPool2d):
            x = g.add("MaxPool", [x], f"stem{i}_pool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
        elif isinstance(layer, InvertedResidual):
            x = g.inverted(x, layer, f"stem{i}")
        elif isinstance(layer[0], NormedConv):
            x = g.normed_conv(x, layer[0], True, f"stem{i}")
        else:
            x = g.conv_bn(x, layer, f"stem{i}")
    fine = low = ""
    for s, stage in enumerate((net.stage1, net.stage2, net.stage3, net.stage4), start=1):
        for b, block in enumerate(stage):
            x = g.block(x, block, f"stage{s}_{b}")
        fine, low = (x if s == 1 else fine), (x if s == 2 else low)

    h, w, c = height // config.output_stride, width // config.output_stride, config.widths[3]
    bins, levels, cells = config.bins, len(config.bins), sum(b * b for b in config.bins)
    pooled = g.add("MatMul", [g.reshape(x, "pyramid_flat", c, h * w), g.constant(pool_matrix(h, w, bins), "pyramid_pool_matrix")],
                   "pyramid_pool")
    pooled = g.conv_bn(g.reshape(pooled, "pyramid_cells", 1, c, 1, cells), net.pyramid.project, "pyramid_project")
    mask = g.constant(level_mask(bins)[None, :, None, :], "pyramid_mask")
    keep = g.add("Mul", [g.reshape(gate, "pyramid_gate", 1, levels, 1, 1), mask], "pyramid_keep")
    pooled = g.add("Mul", [g.reshape(pooled, "pyramid_levels", 1, levels, c // levels, cells), keep], "pyramid_gated")
    around = g.add("MatMul", [g.reshape(pooled, "pyramid_kept", c, cells),
                              g.constant(upsample_matrix(h, w, bins), "pyramid_spread_matrix")], "pyramid_spread")
    x = g.add("Concat", [x, g.reshape(around, "pyramid_around", 1, c, h, w)], "pyramid_concat", axis=1)

    x = g.conv_bn(x, net.head, "head")
    if config.skip:
        if config.output_stride == 16:
            x = g.double(x, "head_double")
        x = g.conv_bn(g.add("Concat", [x, g.conv_bn(low, net.lateral, "lateral")], "join_concat", axis=1), net.join, "join")
    logits = g.conv(x, net.classify, False, "classify")
    if config.detail:
        x, logits = g.double(x, "join_double"), g.double(logits, "classify_double")
        x = g.add("Concat", [x, g.conv_bn(fine, net.detail_lateral, "detail_lateral")], "detail_concat", axis=1)
        x = g.conv(g.conv_bn(x, net.detail_join, "detail_join"), net.detail_classify, False, "detail_classify")
        logits = g.add("Add", [logits, x], "detail_add")
    x = logits
    if half:
        g.add("Cast", [x], "logits_single", to=TensorProto.FLOAT)
    last = g.nodes[-1]
    last.output[0] = last.name = "logits"

    stride = config.logit_stride
    graph = helper.make_graph(
        g.nodes, config.name,
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, height, width]),
         helper.make_tensor_value_info("gate", TensorProto.FLOAT, [levels])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT,
                                       [1, config.classes, height // stride, width // stride])],
        g.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8,
                              producer_name="carriageway")
    model = onnx.shape_inference.infer_shapes(model, strict_mode=True)
    onnx.checker.check_model(model, full_check=True)
    strange = {n.op_type for n in model.graph.node} - OPERATORS
    if strange:
        raise ValueError(f"operators that are not meant to be here: {sorted(strange)}")
    return model
