"""Chooses one number per class, added to its logit, by what training pictures say.

    python calibrate.py --data DATA --weights last.pt --out calibrated.pt [--width 304 --height 176]

Class weights in the loss make a network call rare things too readily: where it is unsure between kerb and road, road
loses, and the edge of the drivable area with it. A constant per class takes back what the weights added (logit
adjustment: Menon et al., "Long-tail learning via logit adjustment", ICLR 2021); here it is not computed from frequencies,
but searched for, one class after another, since IoU and not accuracy is what is wanted. Only pictures of the training
sets are asked, as they were taken, each drive by the square root of its length: CamVid and IDD for everything, those of the
sets from the field that are there for road and the own car, which is what people looked at in them. The numbers go into the bias of the last
convolution, so that the network's shape and cost stay what they were.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

import checkpoint
from augment import evaluation_sample
from checkpoint import CheckpointError
from config import CLASSES, DRIVABLE, GROUP_TO_SET, GROUPS, IGNORE, NUM_CLASSES, OWN_CAR, SET_DRIVABLE
from data import DataError, Source, load
from evaluate import Predict, torch_predictor
from field import FIELDS, load_field
from losses import ROAD_OF_SET
from metrics import ELEVEN, SET_TO_GROUP, group_guess, iou, merge, seen
from sentence import Arguments, ends_in_a_sentence

STEPS = (0.4, 0.2, 0.1)   # of a logit; finer ones change nothing that a second set of pictures would repeat
LIMIT = 3.0               # beyond this a class is not shifted but invented or abolished
PIXELS = 1500             # of each picture, by chance: neighbours say the same
PULL = 2e-4               # of a whole IoU, per squared logit: between equals, the smaller change


@dataclass(frozen=True)
class Pixels:
    """Logits [n,classes], what humans said of each (of the kind "class", "group" or "road") and each one's weight.

    "class": ids of classes; "group": of IDD's groups; "road": 1 = road, 0 = neither road nor own car, 2 = own car. uint8.
    """

    logits: Tensor
    truth: Tensor
    weight: Tensor
    kind: str
    name: str = ""


OWN = 2   # in the truth of the kind "road"


def known_of(sets: Tensor, fine: Tensor, kind: str) -> Tensor:
    """uint8, as ``Pixels.truth``, 255 where humans did not say."""
    if kind == "road":
        return torch.where(sets == OWN_CAR, OWN, ROAD_OF_SET[sets.long()])
    return SET_TO_GROUP[sets.long()] if kind == "group" else fine


def gather(predict: Predict, source: Source, width: int, height: int, kind: str) -> Pixels:
    """A chance sample of the labelled pixels of every picture."""
    chance = torch.Generator().manual_seed(0)
    logits, truth, weight = [], [], []
    for image, label, odds in zip(source.images, source.labels, source.odds() * len(source)):
        sets, fine = (torch.from_numpy(part).flatten() for part in label[:2])
        known = known_of(sets, fine, kind)
        pick = torch.randint(known.numel(), (PIXELS,), generator=chance)
        pick = pick[known[pick] != IGNORE]
        small = predict(evaluation_sample(image, width, height))
        full = F.interpolate(small[None].float(), label.shape[-2:], mode="bilinear", align_corners=False)[0]
        logits.append(full.reshape(len(full), -1)[:, pick].T)
        truth.append(known[pick])
        weight.append(torch.full((pick.numel(),), float(odds)))
    return Pixels(torch.cat(logits), torch.cat(truth), torch.cat(weight), kind, source.name)


def _confusion(truth: Tensor, guess: Tensor, weight: Tensor, n: int) -> Tensor:
    return torch.bincount(truth.long() * n + guess, weights=weight, minlength=n * n).view(n, n)


def quality(pixels: Pixels, shift: Tensor) -> tuple[float, float]:
    """(drivable IoU, mean IoU over what humans told apart), 0..1, with ``shift`` [classes] added to the logits."""
    logits = pixels.logits + shift
    guess = logits.argmax(1)
    if pixels.kind == "group":
        mean = iou(_confusion(pixels.truth, group_guess(logits.T), pixels.weight, len(GROUPS))).nanmean()
        road = pixels.truth == GROUP_TO_SET.index(SET_DRIVABLE)
    elif pixels.kind == "road":
        road = pixels.truth == 1
        own = iou(_confusion(pixels.truth == OWN, (guess == OWN_CAR).long(), pixels.weight, 2))[1]
    else:
        matrix = _confusion(pixels.truth, guess, pixels.weight, NUM_CLASSES)
        # Lane marking is the product's own class: it shall not be lost for the sake of eleven.
        mean = (seen(merge(matrix, ELEVEN)).nanmean() + seen(matrix).nanmean()) / 2
        road = pixels.truth <= DRIVABLE[-1]
    drivable = iou(_confusion(road, (guess <= DRIVABLE[-1]).long(), pixels.weight, 2))[1]
    if pixels.kind == "road":
        mean = drivable if own.isnan() or not (pixels.truth == OWN).any() else own
    return float(drivable), float(mean)


def search(sets: list[Pixels]) -> Tensor:
    """The shift [classes] that is best for the sum of both qualities over all sets, by coordinate ascent.

    The own car is not shifted: how often it is seen depends on how a camera is mounted, which no set says of another.
    """
    def worth(shift: Tensor) -> float:
        return sum(sum(quality(pixels, shift)) for pixels in sets) / (2 * len(sets)) - PULL * float(shift.square().sum())

    shift = torch.zeros(NUM_CLASSES)
    best = worth(shift)
    for step in STEPS:
        moved = True
        while moved:
            moved = False
            for group in [*((c,) for c in range(NUM_CLASSES) if c != OWN_CAR), DRIVABLE]:
                for sign in (1, -1):
                    trial = shift.clone()
                    trial[list(group)] += sign * step
                    trial.clamp_(-LIMIT, LIMIT)
                    value = worth(trial)
                    if value > best + 1e-6:
                        shift, best, moved = trial, value, True
    return shift


@ends_in_a_sentence(DataError, CheckpointError)
def main(argv: Arguments = None) -> None:
    p = argparse.ArgumentParser(description="Shift the logits of each class by what training pictures say.")
    p.add_argument("--data", required=True, help="folder with camvid/ and idd/")
    p.add_argument("--weights", required=True, help="checkpoint or weights/*.pt")
    p.add_argument("--out", required=True, help="the same weights with another bias in their last convolution")
    p.add_argument("--width", type=int, default=480)
    p.add_argument("--height", type=int, default=288)
    p.add_argument("--every", type=int, default=1, help="ask every n-th picture")
    p.add_argument("--threads", type=int, default=2)
    args = p.parse_args(argv)
    torch.set_num_threads(args.threads)
    net = checkpoint.network_of(args.weights)
    if net.config.classes != NUM_CLASSES:
        raise CheckpointError(f"the checkpoint {args.weights} knows {net.config.classes} classes, not {NUM_CLASSES}: "
                              "train.py --init adds the missing ones")
    predict = torch_predictor(net)
    sets = []
    for name, kind in (("camvid", "class"), ("idd", "group"), *((name, "road") for name in FIELDS if FIELDS[name].split)):
        source = load_field(args.data, name) if kind == "road" else load(args.data, name, "train")
        if source is None:
            print(f"the set {name} is not in {args.data}: it is not asked")
            continue
        sets.append(gather(predict, source.every(args.every), args.width, args.height, kind))
    shift = search(sets)
    for pixels in sets:
        before, after = quality(pixels, torch.zeros(NUM_CLASSES)), quality(pixels, shift)
        print(f"{pixels.name}: drivable {100 * before[0]:.2f} -> {100 * after[0]:.2f}, "
              f"mean {100 * before[1]:.2f} -> {100 * after[1]:.2f}")
    print(", ".join(f"{name} {value:+.1f}" for name, value in zip(CLASSES, shift.tolist())))
    state = checkpoint.read(args.weights)
    weights = dict(state["ema"])
    weights["classify.bias"] = weights["classify.bias"] + shift
    checkpoint.save({"network": state["network"], "ema": weights}, args.out)


if __name__ == "__main__":
    sys.exit(main())
