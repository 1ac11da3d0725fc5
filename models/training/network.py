"""PSPNet (Zhao et al., CVPR 2017) with a light dilated ResNet encoder and a low-level skip.

    image [N,3,H,W], (pixel / 255 - mean) / std, RGB
      stem      7x7 and MaxPool, or 2 x conv 3x3    stride 4
      stage 1   basic blocks                        stride 4
      stage 2   basic blocks, first with stride 2   stride 8   ----------------------+
      stage 3   basic blocks                        stride 16 (or 8, dilated)        | 1x1
      stage 4   basic blocks, dilated               stride 16 (or 8)                 |
      pyramid   bins 1, 2, 3, 6, gated, concatenated, 3x3                            |
      skip      x2 bilinear, concatenated, 3x3  <-------------------------------------+
      classify                                                                       stride 8
      detail    x2, corrected by what stage 1 sees: poles, signs, edges              stride 4
    logits [N,12,H/4,W/4], or [N,12,H/8,W/8] without the detail branch

Each pyramid level has C/4 output channels. All levels' 1x1 convolutions run as one over all
fifty cells; a mask then keeps, of each channel, the cells of its own level. That costs next to
nothing and needs no slicing in the exported graph.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import efficient
from config import NetworkConfig
from pooling import level_mask, pool_matrix, upsample_matrix


def conv_bn(cin: int, cout: int, kernel: int = 3, stride: int = 1, dilation: int = 1,
            relu: bool = True) -> nn.Sequential:
    pad = (kernel - 1) // 2 * dilation
    layers: list[nn.Module] = [
        nn.Conv2d(cin, cout, kernel, stride, pad, dilation, bias=False),
        nn.BatchNorm2d(cout),
    ]
    if relu:
        layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


class BasicBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut (He et al., 2016); dilation in both."""

    def __init__(self, cin: int, cout: int, stride: int = 1, dilation: int = 1) -> None:
        super().__init__()
        self.a = conv_bn(cin, cout, 3, stride, dilation)
        self.b = conv_bn(cout, cout, 3, 1, dilation, relu=False)
        same = stride == 1 and cin == cout
        self.shortcut = nn.Identity() if same else conv_bn(cin, cout, 1, stride, relu=False)
        nn.init.zeros_(self.b[1].weight)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.b(self.a(x)) + self.shortcut(x))


class Pyramid(nn.Module):
    """[N,C,h,w] -> [N,2C,h,w]: the features and, beside them, what each level sees around."""

    def __init__(self, channels: int, bins: tuple[int, ...]) -> None:
        super().__init__()
        self.bins = bins
        self.project = conv_bn(channels, channels, 1)
        self._matrices: dict[tuple[int, int], tuple[Tensor, Tensor]] = {}
        self.register_buffer("mask", level_mask(bins)[None, :, None, :], persistent=False)

    def matrices(self, h: int, w: int, like: Tensor) -> tuple[Tensor, Tensor]:
        """The two constants for a map of h x w, made once per size."""
        if (h, w) not in self._matrices:
            self._matrices[h, w] = (pool_matrix(h, w, self.bins), upsample_matrix(h, w, self.bins))
        pool, up = self._matrices[h, w]
        if pool.device != like.device:
            pool, up = pool.to(like.device), up.to(like.device)
            self._matrices[h, w] = (pool, up)
        return pool, up

    def forward(self, x: Tensor, gate: Tensor) -> Tensor:
        n, c, h, w = x.shape
        levels = len(self.bins)
        pool, up = self.matrices(h, w, x)
        cells = torch.matmul(x.reshape(n * c, h * w), pool)            # [N*C,50]
        cells = self.project(cells.reshape(n, c, 1, -1))               # [N,C,1,50]
        keep = gate.reshape(1, levels, 1, 1) * self.mask               # [1,4,1,50]
        cells = cells.reshape(n, levels, c // levels, -1) * keep
        around = torch.matmul(cells.reshape(n * c, -1), up)            # [N*C,h*w]
        return torch.cat([x, around.reshape(n, c, h, w).to(x.dtype)], dim=1)


class PSPNet(nn.Module):
    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        w1, w2, w3, w4 = config.widths
        b1, b2, b3, b4 = config.blocks
        dilated = config.output_stride == 8
        if config.pretrained:
            self.stem = efficient.stem()
        elif config.stem_pool:
            self.stem = nn.Sequential(conv_bn(3, config.stem, 7, 2), nn.MaxPool2d(3, 2, 1))
        else:
            self.stem = nn.Sequential(conv_bn(3, config.stem, 3, 2), conv_bn(config.stem, w1, 3, 2))
        if config.pretrained:
            stages = efficient.stages(config.encoder, config.blocks, config.output_stride)
        else:
            stages = [self._stage(w1, w1, b1, 1, 1), self._stage(w1, w2, b2, 2, 1),
                      self._stage(w2, w3, b3, 1 if dilated else 2, 2 if dilated else 1),
                      self._stage(w3, w4, b4, 1, 4 if dilated else 2)]
        self.stage1, self.stage2, self.stage3, self.stage4 = stages
        self.pyramid = Pyramid(w4, config.bins)
        self.head = conv_bn(2 * w4, config.head, 3)
        last = config.head
        if config.skip:
            self.lateral = conv_bn(w2, config.skip_width, 1)
            self.join = conv_bn(config.head + config.skip_width, config.skip_head, 3)
            last = config.skip_head
        self.classify = nn.Conv2d(last, config.classes, 1)
        if config.detail:
            self.detail_lateral = conv_bn(w1, config.detail_width, 1)
            self.detail_join = conv_bn(last + config.detail_width, config.detail, 3)
            self.detail_classify = nn.Conv2d(config.detail, config.classes, 1)
            # Corrects nothing at first: a network that grew the branch begins as what it was.
            nn.init.zeros_(self.detail_classify.weight)
            nn.init.zeros_(self.detail_classify.bias)
        self.auxiliary = nn.Sequential(conv_bn(w3, 64, 3), nn.Conv2d(64, config.classes, 1))

    @staticmethod
    def _stage(cin: int, cout: int, blocks: int, stride: int, dilation: int) -> nn.Sequential:
        rest = [BasicBlock(cout, cout, 1, dilation) for _ in range(blocks - 1)]
        return nn.Sequential(BasicBlock(cin, cout, stride, dilation), *rest)

    def forward(self, image: Tensor, gate: Tensor | None = None) -> Tensor | tuple[Tensor, Tensor]:
        """Logits; while training, the auxiliary logits of stage 3 as well."""
        if gate is None:
            gate = torch.ones(len(self.config.bins), device=image.device)
        fine = self.stage1(self.stem(image))
        low = self.stage2(fine)
        mid = self.stage3(low)
        x = self.head(self.pyramid(self.stage4(mid), gate))
        if self.config.skip:
            if self.config.output_stride == 16:
                x = F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
            x = self.join(torch.cat([x, self.lateral(low)], dim=1))
        logits = self.classify(x)
        if self.config.detail:
            x, logits = (F.interpolate(t, scale_factor=2.0, mode="bilinear", align_corners=False) for t in (x, logits))
            logits = logits + self.detail_classify(self.detail_join(torch.cat([x, self.detail_lateral(fine)], dim=1)))
        return (logits, self.auxiliary(mid)) if self.training else logits


def count_parameters(net: PSPNet) -> int:
    """Weights of the deployed network: without the auxiliary head."""
    return sum(p.numel() for n, p in net.named_parameters() if not n.startswith("auxiliary"))


def count_macs(net: PSPNet, width: int, height: int) -> int:
    """Multiply-accumulates of one picture: convolutions and the two pooling products."""
    total = 0

    def seen(module: nn.Module, args: tuple, out: Tensor) -> None:
        nonlocal total
        if isinstance(module, nn.Conv2d):
            total += module.weight.numel() * out.shape[-1] * out.shape[-2]
        else:
            n, c, h, w = args[0].shape
            total += 2 * c * h * w * sum(b * b for b in net.config.bins)

    hooks = [m.register_forward_hook(seen) for m in net.modules()
             if isinstance(m, (nn.Conv2d, Pyramid))]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        net(torch.zeros(1, 3, height, width))
    net.train(was_training)
    for hook in hooks:
        hook.remove()
    return total
