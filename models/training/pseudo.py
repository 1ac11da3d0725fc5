"""Labels for pictures that nobody labelled: what the network itself is sure of.

    python pseudo.py --weights calibrated.pt --images DIR --out OUT [--agree LABELS] [--road PEER] [--never person,cyclist]

Probabilities are averaged over two sizes, each as it is and mirrored (a teacher that sees a picture four times is better
than the network that learns from it; Xie et al., "Self-training with Noisy Student", CVPR 2020). A pixel whose best class
stays below ``--sure`` is left out, and so is one of which another network says otherwise. What a human knows of the place
can be said: classes that are never there (no one walks on a motorway), and a peer whose word on the road is better than
one's own. OUT receives ``images`` and ``labels`` as ``train.py --extra`` reads them.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

import checkpoint
from augment import evaluation_sample
from checkpoint import CheckpointError
from config import CLASSES, DRIVABLE, IGNORE, NUM_CLASSES, SET_NOT_DRIVABLE
from data import DataError, read_image, read_label
from evaluate import Predict, open_onnx, torch_predictor
from sentence import Arguments, ends_in_a_sentence

SIZES = ((480, 288), (672, 384))
Road = Callable[[np.ndarray], Tensor]   # uint8 [H,W,3] -> probability of road [H,W]


def probabilities(predict: Predict, image: np.ndarray, never: tuple[int, ...] = ()) -> Tensor:
    """uint8 [H,W,3] -> [12,H,W], the mean over sizes and mirror images, without the classes that are ``never`` there."""
    total = torch.zeros(NUM_CLASSES, *image.shape[:2])
    for width, height in SIZES:
        x = evaluation_sample(image, width, height)
        for logits in (predict(x), predict(x.flip(2)).flip(2)):
            full = F.interpolate(logits[None], image.shape[:2], mode="bilinear", align_corners=False)[0]
            full[list(never)] = -torch.inf
            total += full.softmax(0)
    return total / (2 * len(SIZES))


def sure_label(p: Tensor, sure: float, other: np.ndarray | None = None) -> np.ndarray:
    """[12,H,W] -> uint8 [H,W]: the best class, 255 below ``sure`` or where ``other`` (255 = no opinion) differs."""
    best, label = p.max(0)
    label = label.to(torch.uint8).numpy()
    out = np.where(best.numpy() >= sure, label, IGNORE)
    if other is not None:
        out = np.where((other != IGNORE) & (other != label), IGNORE, out)
    return out.astype(np.uint8)


def peer_road(path: str, threads: int) -> Road:
    """A network of OpenVINO's road-segmentation-adas kind: BGR, 0..255 in; background, road, kerb, marking out."""
    session = open_onnx(path, threads)
    entry = session.get_inputs()[0]
    if len(entry.shape) != 4 or entry.shape[1] != 3:
        raise CheckpointError(f"{path} takes {entry.shape}, not one picture of three colours")

    def road(image: np.ndarray) -> Tensor:
        x = torch.from_numpy(image).permute(2, 0, 1).float()[None, [2, 1, 0]]
        x = F.interpolate(x, entry.shape[2:], mode="bilinear", align_corners=False, antialias=True)
        p = torch.from_numpy(session.run(None, {entry.name: x.numpy()})[0])
        return F.interpolate(p[:, [1, 3]].sum(1, keepdim=True), image.shape[:2], mode="bilinear", align_corners=False)[0, 0]

    return road


def defer(label: np.ndarray, road: Tensor, sure: float) -> np.ndarray:
    """The label [H,W] where a peer's probability of road [H,W] may overrule it: "anything but drivable" where the peer is
    sure of that, left out wherever else the two differ."""
    p = road.numpy()
    ours = (label <= DRIVABLE[-1]) | (label == IGNORE)
    out = np.where(ours & (p <= 1 - sure), SET_NOT_DRIVABLE, label)
    return np.where((p > 1 - sure) & ~ours | (p < sure) & (out <= DRIVABLE[-1]), IGNORE, out).astype(np.uint8)


@ends_in_a_sentence(DataError, CheckpointError, OSError)
def main(argv: Arguments = None) -> None:
    p = argparse.ArgumentParser(description="Label pictures with what a trained network is sure of.")
    p.add_argument("--weights", required=True, help="checkpoint or weights/*.pt, best a calibrated one")
    p.add_argument("--images", type=Path, required=True, help="folder of JPEGs or PNGs")
    p.add_argument("--agree", type=Path, help="folder of labels by other networks, 255 where they have no opinion")
    p.add_argument("--road", help="ONNX file of the kind of road-segmentation-adas-0001, whose word on the road counts")
    p.add_argument("--never", default="", help="names of classes that are not in these pictures, with commas between them")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--sure", type=float, default=0.75)
    p.add_argument("--threads", type=int, default=2)
    args = p.parse_args(argv)
    torch.set_num_threads(args.threads)
    pictures = sorted(f for f in args.images.glob("*") if f.suffix.lower() in (".jpg", ".jpeg", ".png"))
    if not pictures:
        raise DataError(f"the folder {args.images} holds no pictures")
    unknown = [name for name in args.never.split(",") if name and name not in CLASSES]
    if unknown:
        raise DataError(f"--never {unknown[0]} is none of the classes {', '.join(CLASSES)}")
    never = tuple(CLASSES.index(name) for name in args.never.split(",") if name)
    predict = torch_predictor(checkpoint.network_of(args.weights))
    road = peer_road(args.road, args.threads) if args.road else None
    for part in ("images", "labels"):
        (args.out / part).mkdir(parents=True, exist_ok=True)
    kept = 0.0
    for file in pictures:
        image = read_image(file)
        other = read_label(args.agree / f"{file.stem}.png", range(NUM_CLASSES)) if args.agree else None
        if other is not None and other.shape != image.shape[:2]:
            raise DataError(f"the picture {file} and its label in {args.agree} differ in size")
        label = sure_label(probabilities(predict, image, never), args.sure, other)
        label = defer(label, road(image), args.sure) if road else label
        kept += float((label != IGNORE).mean())
        shutil.copyfile(file, args.out / "images" / file.name)
        Image.fromarray(label).save(args.out / "labels" / f"{file.stem}.png")
    print(f"{len(pictures)} pictures, {100 * kept / len(pictures):.1f} % of their pixels labelled")


if __name__ == "__main__":
    sys.exit(main())
