"""Everything that is chosen rather than learnt: classes, label sets, network shapes, recipe.

Class ids are those of the product (``classes`` in the manifest). A *label set* is what an
annotator really told us about a pixel: one or more classes the pixel may belong to. All losses
are written on sets, so that data sets with coarse groups and with exact classes mix freely.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields

CLASSES = (
    "road", "lane marking", "sidewalk", "building", "fence", "pole",
    "sign", "vegetation", "sky", "person", "cyclist", "vehicle", "own car",
)
NUM_CLASSES = len(CLASSES)
IGNORE = 255
DRIVABLE = (0, 1)
OBSTACLES = (9, 10, 11)   # person, cyclist, vehicle
OWN_CAR = 12              # bonnet, dashboard and what else one sees of the car that the camera sits in

# IDD-Lite's seven human groups, in the order of its ids. A cyclist is labelled as rider in some
# drives and together with the two-wheeler in others, hence its membership of two groups.
GROUPS = (
    ("drivable", (0, 1)),
    ("non-drivable", (2,)),
    ("living", (9, 10)),
    ("vehicle", (11, 10)),
    ("roadside", (4, 5, 6)),
    ("far", (3, 7)),
    ("sky", (8,)),
)

# Label sets by the id that stands for them in labels. The single classes come first; sets of several begin at a hundred, so
# that one more class moves none of them, and an id that meant a set when classes were fewer is refused, not misread.
SET_DRIVABLE = 100
SET_NOT_DRIVABLE = 105
SETS: dict[int, tuple[int, ...]] = {c: (c,) for c in range(NUM_CLASSES)} | {
    SET_DRIVABLE: DRIVABLE,
    101: (9, 10),      # living
    102: (10, 11),     # vehicle, or the rider of one
    103: (4, 5, 6),    # roadside
    104: (3, 7),       # far
    SET_NOT_DRIVABLE: tuple(range(2, NUM_CLASSES)),   # anything but drivable: wipers, wet pavements, the own car too
}
GROUP_TO_SET = (SET_DRIVABLE, 2, 101, 102, 103, 104, 8)

MEAN = 0.45  # of pixel / 255, the same for the three channels
STD = 0.25


PRETRAINED = ("efficientnet", "efficientnet-lite2")   # EfficientNet-Lite0, by the name it had alone, and -Lite2


@dataclass(frozen=True)
class NetworkConfig:
    """Shape of a PSPNet. Strides are relative to the input picture."""

    name: str = "pspnet"
    encoder: str = "resnet"                         # or one of PRETRAINED: efficient.py has their stem and stages
    stem: int = 32                                  # channels of the first convolution (stride 2)
    stem_pool: bool = True                          # 7x7 and MaxPool, else two 3x3, for stride 4
    widths: tuple[int, ...] = (32, 64, 128, 224)    # channels of the four stages
    blocks: tuple[int, ...] = (2, 2, 2, 2)          # basic blocks per stage
    output_stride: int = 16                         # of the encoder: 8 or 16
    bins: tuple[int, ...] = (1, 2, 3, 6)            # pyramid levels
    head: int = 128                                 # channels after the pyramid
    skip: bool = True                               # join stage 2 (stride 8) after the pyramid
    skip_width: int = 32
    skip_head: int = 64
    detail: int = 0                                 # channels of the correction at stride 4; 0 leaves it out
    detail_width: int = 16
    classes: int = NUM_CLASSES

    def __post_init__(self) -> None:
        if self.encoder != "resnet" and not self.pretrained:
            raise ValueError(f"the encoder is resnet, {' or '.join(PRETRAINED)}, not {self.encoder}")
        if self.encoder == "resnet" and self.stem_pool and self.stem != self.widths[0]:
            raise ValueError("with a pooled stem, the stem is as wide as the first stage")
        if self.detail and not self.skip:
            raise ValueError("a detail branch stands on the skip: switch both on or both off")
        if self.output_stride not in (8, 16):
            raise ValueError(f"output stride must be 8 or 16, not {self.output_stride}")
        if len(self.widths) != 4 or len(self.blocks) != 4:
            raise ValueError("a network has four stages: give four widths and four block counts")
        if self.widths[-1] % len(self.bins):
            raise ValueError("the last width must divide by the number of pyramid levels")

    @property
    def pretrained(self) -> bool:
        """Whether the encoder has ImageNet weights to begin with."""
        return self.encoder in PRETRAINED

    @property
    def logit_stride(self) -> int:
        return 4 if self.detail else 8 if self.skip else self.output_stride

    def to_dict(self) -> dict:
        return asdict(self)

    @staticmethod
    def from_dict(values: dict) -> "NetworkConfig":
        known = {f.name for f in fields(NetworkConfig)}
        values = {"stem_pool": False} | values   # checkpoints older than the choice
        clean = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items() if k in known}
        return NetworkConfig(**clean)


_DECODER = {"head": 128, "skip_width": 32, "skip_head": 64, "detail": 32}

NETWORKS = {
    "lite": NetworkConfig(name="pspnet-lite", encoder="efficientnet", widths=(24, 40, 112, 192), blocks=(2, 2, 6, 3),
                          **_DECODER),
    "base": NetworkConfig(name="pspnet-base", encoder="efficientnet-lite2", widths=(24, 48, 120, 208),
                          blocks=(3, 3, 8, 5), **_DECODER),
    "dense": NetworkConfig(name="pspnet-dense"),   # a ResNet of the same cost, for comparison
    "tiny": NetworkConfig(
        # for tests; narrower than 16 channels, single-precision convolutions of torch 2.13 in
        # channels-last order corrupt memory on some CPUs
        name="pspnet-tiny", stem=16, stem_pool=False, widths=(16, 16, 16, 16), blocks=(1, 1, 1, 1),
        head=16, skip_width=16, skip_head=16,
    ),
}


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. ``images`` counts samples seen, an epoch is ``epoch_images``."""

    width: int = 480
    height: int = 288
    batch: int = 12
    lr: float = 2.5e-3
    encoder_rate: float = 0.3       # a pretrained encoder's share of the learning rate
    fixed: tuple[str, ...] = ("stem", "stage1")   # of a pretrained encoder: edges are edges, and it saves a quarter
    lr_floor: float = 2e-6
    warmup_steps: int = 40
    weight_decay: float = 0.02
    ema_decay: float = 0.999
    clip_norm: float = 5.0
    loss_stride: int = 4
    fine_weight: float = 0.3        # of the network-made member labels
    aux_weight: float = 0.1
    road_weight: float = 0.5        # of a teacher's probability of road, where there is no hard label
    distil: tuple[float, float] = (1.0, 0.3)   # weight of what --teacher says of all classes, at the start and at the end
    level_dropout: float = 0.05     # chance of each pyramid level to be silenced in a step
    weight_offset: float = 1.2      # class weight = 1 / log(offset + frequency); see EXPERIMENTS.md for what 1.06 cost
    # What of the samples each set gives; those that are missing leave their part to the others. The pictures by night, in
    # rain and snow have the larger part, CamVid and IDD keep what only humans can draw: pavements, people, edges.
    shares: dict = field(default_factory=lambda: {
        "camvid": 0.17, "idd": 0.17, "streets": 0.27, "wet": 0.10, "snow": 0.09, "spain": 0.08, "california": 0.05,
        "comma10k": 0.02, "bdd": 0.04, "kitti": 0.01})
    drive_power: float = 0.5        # how much long drives give way to short ones: 0 not at all, 1 to equal shares
    extra_share: float = 0.12       # of all samples, split evenly over the extra folders that are given
    occluder: float = 0.25          # share of samples with a pasted bonnet, dashboard or wiper
    real_bonnet: float = 0.5        # of those, the share that is cut out of another picture's own car
    weather: float = 0.5            # share of samples that are taken into night, rain, snow or fog ...
    real_weather: float = 0.12      # ... of those sets whose pictures were taken in it
    kerb_weight: float = 1.0        # how much more a pixel counts where road meets what is not road
    look_share: float = 0.5         # of the samples that are not calm, in the light of another picture
    calm_from: float = 0.5          # progress at which samples begin to be left as they were taken ...
    calm_share: float = 0.6         # ... until, at the end, this share of them is
    epoch_images: int = 6000
    seed: int = 1
    # (until this progress, ((width, height, chance), ...)): small pictures are cheap, and wasm's size
    sizes: tuple = (
        (0.55, ((384, 224, 0.60), (480, 288, 0.25), (304, 176, 0.15))),
        (1.01, ((480, 288, 0.70), (304, 176, 0.20), (672, 384, 0.10))),
    )
