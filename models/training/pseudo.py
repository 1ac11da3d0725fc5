"""Labels for pictures that nobody labelled: what the network itself is sure of.

    python pseudo.py --weights calibrated.pt --images DIR --out OUT [--agree LABELS] [--road PEER] [--never person,cyclist]
    python pseudo.py --weights lite.pt --weights base.pt --peer PEER --peer PEER --data DATA --set streets/train --out OUT

Probabilities are averaged over two sizes, each as it is and mirrored (a teacher that sees a picture four times is better
than the network that learns from it; Xie et al., "Self-training with Noisy Student", CVPR 2020). A pixel whose best class
stays below ``--sure`` is left out, and so is one of which another network says otherwise. What a human knows of the place
can be said: classes that are never there (no one walks on a motorway), and a peer whose word on the road is better than
one's own.

Networks of different families err in different places, so their mean is worth more than any of them: ``--weights`` and
``--peer`` may be given several times. With a peer, OUT receives ``road`` as well: the mean over families (one's own
networks together are one), each picture also mirrored, as a probability that ``train.py`` learns where no hard label is.
``--set streets/train`` takes pictures *and labels* of a set, and adds ``road`` where these are silent.

OUT receives ``images``, ``labels`` and maybe ``road`` as ``train.py --extra`` reads them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from functools import partial
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
from data import SOFT, DataError, read_image, read_label
from evaluate import Predict, open_set, torch_predictor
from peers import mean_of, mirrored, open_peer, own_road, teacher
from sentence import Arguments, ends_in_a_sentence

SIZES = ((480, 288), (672, 384))


def probabilities(predict: Predict, image: np.ndarray, never: tuple[int, ...] = ()) -> Tensor:
    """uint8 [H,W,3] -> [classes,H,W], the mean over sizes and mirror images, without the classes that are ``never`` there."""
    total = torch.zeros(NUM_CLASSES, *image.shape[:2])
    for width, height in SIZES:
        x = evaluation_sample(image, width, height)
        for logits in (predict(x), predict(x.flip(2)).flip(2)):
            full = F.interpolate(logits[None], image.shape[:2], mode="bilinear", align_corners=False)[0]
            full[list(never)] = -torch.inf
            total += full.softmax(0)
    return total / (2 * len(SIZES))


def sure_label(p: Tensor, sure: float, other: np.ndarray | None = None) -> np.ndarray:
    """[classes,H,W] -> uint8 [H,W]: the best class, 255 below ``sure`` or where ``other`` (255 = no opinion) differs."""
    best, label = p.max(0)
    label = label.to(torch.uint8).numpy()
    out = np.where(best.numpy() >= sure, label, IGNORE)
    if other is not None:
        out = np.where((other != IGNORE) & (other != label), IGNORE, out)
    return out.astype(np.uint8)


def soft_road(p: Tensor) -> np.ndarray:
    """Probability [H,W] -> uint8 [H,W], 0..250 for 0..1, as ``data.load_extra`` reads it."""
    return (p.clamp(0, 1) * SOFT).round().byte().numpy()


def defer(label: np.ndarray, road: Tensor, sure: float) -> np.ndarray:
    """The label [H,W] where a peer's probability of road [H,W] may overrule it: "anything but drivable" where the peer is
    sure of that, left out wherever else the two differ."""
    p = road.numpy()
    ours = (label <= DRIVABLE[-1]) | (label == IGNORE)
    out = np.where(ours & (p <= 1 - sure), SET_NOT_DRIVABLE, label)
    return np.where((p > 1 - sure) & ~ours | (p < sure) & (out <= DRIVABLE[-1]), IGNORE, out).astype(np.uint8)


def pictures_of(args: argparse.Namespace) -> Iterator[tuple[str, np.ndarray, np.ndarray | None, np.ndarray | None]]:
    """Name, picture [H,W,3], hard label sets [H,W] of ``--set`` and other networks' labels [H,W] of ``--agree``."""
    if args.set:
        source = open_set(args.data, args.set)
        for name, image, label in zip(source.files, source.images, source.labels):
            yield name, image, label[0], None
        return
    files = sorted(f for f in args.images.glob("*") if f.suffix.lower() in (".jpg", ".jpeg", ".png"))
    if not files:
        raise DataError(f"the folder {args.images} holds no pictures")
    for file in files:
        image = read_image(file)
        other = read_label(args.agree / f"{file.stem}.png", range(NUM_CLASSES)) if args.agree else None
        if other is not None and other.shape != image.shape[:2]:
            raise DataError(f"the picture {file} and its label in {args.agree} differ in size")
        yield file.name, image, None, other


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description="Label pictures with what trained networks are sure of.")
    p.add_argument("--weights", required=True, action="append",
                   help="checkpoint or weights/*.pt, best a calibrated one; may be given again")
    what = p.add_mutually_exclusive_group(required=True)
    what.add_argument("--images", type=Path, help="folder of JPEGs or PNGs")
    what.add_argument("--set", help="a set of the data folder, streets/train ...: its labels are kept")
    p.add_argument("--data", default=".", help="the data folder, for --set")
    p.add_argument("--agree", type=Path, help="folder of labels by other networks, 255 where they have no opinion")
    p.add_argument("--road", help="ONNX file of a peer (peers.py) whose word on the road counts")
    p.add_argument("--peer", action="append", default=[],
                   help="ONNX file of a network of another family, for the mean that road/ is written of; may be given again")
    p.add_argument("--never", default="", help="names of classes that are not in these pictures, with commas between them")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--sure", type=float, default=0.75)
    p.add_argument("--threads", type=int, default=2)
    return p


@ends_in_a_sentence(DataError, CheckpointError, OSError)
def main(argv: Arguments = None) -> None:
    args = parser().parse_args(argv)
    torch.set_num_threads(args.threads)
    unknown = [name for name in args.never.split(",") if name and name not in CLASSES]
    if unknown:
        raise DataError(f"--never {unknown[0]} is none of the classes {', '.join(CLASSES)}")
    never = tuple(CLASSES.index(name) for name in args.never.split(",") if name)
    nets = [torch_predictor(checkpoint.network_of(path)) for path in args.weights]
    classes = mean_of([partial(probabilities, predict, never=never) for predict in nets])
    road = open_peer(args.road, args.threads) if args.road else None
    peers = [mirrored(open_peer(path, args.threads)) for path in args.peer]
    count, kept, soft = 0, 0.0, 0.0
    for name, image, hard, other in pictures_of(args):
        p = classes(image)
        label = sure_label(p, args.sure, other) if hard is None else hard
        label = defer(label, road(image), args.sure) if road else label
        parts = {"labels": label}
        if peers:
            mean = teacher([[own_road(lambda _, known=p: known)], *([peer] for peer in peers)])
            parts["road"] = np.where(label == IGNORE, soft_road(mean(image)), IGNORE).astype(np.uint8)
            soft += float((parts["road"] != IGNORE).mean())
        for part in ("images", *parts):
            (args.out / part).mkdir(parents=True, exist_ok=True)
        for part, array in parts.items():
            Image.fromarray(array).save(args.out / part / f"{Path(name).stem}.png")
        Image.fromarray(image).save(args.out / "images" / f"{Path(name).stem}.png")
        count, kept = count + 1, kept + float((label != IGNORE).mean())
    said = f"; {100 * soft / count:.1f} % have the teacher's probability of road" if peers else ""
    print(f"{count} pictures, {100 * kept / count:.1f} % of their pixels labelled{said}")


if __name__ == "__main__":
    sys.exit(main())
