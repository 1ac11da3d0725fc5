"""The sets from the field: streets by night, in rain, snow and fog, labelled in part.

A folder has ``images`` and at least one of ``labels`` (ids of classes, 254 = the own car, 255 = not said) and ``drivable``
(1 = road, 0 = not, 255 = unsure), and maybe ``ego`` (254 = the own car, 253 = not said). ``drivable`` is a person's word on
the road, so where the two differ it counts and the class is dropped; where only ``drivable`` speaks, the label set is
"drivable" or "anything but drivable", never a class.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from config import DRIVABLE, IGNORE, NUM_CLASSES, OWN_CAR, SET_DRIVABLE, SET_NOT_DRIVABLE
from data import DataError, Source, append, pairs, read_image, read_label

OWN_CAR_ID = 254      # in labels/ and ego/
NOT_SAID = 253        # in ego/
_LABEL_IDS = (*range(NUM_CLASSES), OWN_CAR_ID)


@dataclass(frozen=True)
class Field:
    """How a set is to be read."""

    split: bool = True                  # has train/ and val/
    hints: tuple[int, ...] = ()         # classes that a network chose: kept as a hint below "anything but drivable"
    paint: bool = True                  # lane markings are told from road
    weather: bool = False               # taken by night, in rain, snow or fog throughout


# In streets, wet and snow nobody drew pavements and people; in bdd and kitti markings are road.
FIELDS = {
    "streets": Field(hints=(2, 9, 10), weather=True),
    "wet": Field(hints=(2, 9, 10), weather=True),
    "snow": Field(hints=(2, 9, 10), weather=True),
    "spain": Field(),
    "california": Field(),
    "comma10k": Field(split=False),
    "bdd": Field(split=False, paint=False),
    "kitti": Field(split=False, paint=False),
}


def merge(labels: np.ndarray | None, drivable: np.ndarray | None, ego: np.ndarray | None, rule: Field) -> np.ndarray:
    """uint8 [2,h,w] (label set, single class) of what is there of the three, each uint8 [h,w]."""
    some = next(part for part in (labels, drivable) if part is not None)
    fine = np.full(some.shape, IGNORE, np.uint8) if labels is None else np.where(labels == OWN_CAR_ID, OWN_CAR, labels)
    if ego is not None:
        fine = np.where(ego == OWN_CAR_ID, OWN_CAR, fine)
    own = fine == OWN_CAR
    road = fine <= DRIVABLE[-1]
    sets = np.where(road, SET_DRIVABLE, fine)
    sets = np.where(np.isin(fine, rule.hints), SET_NOT_DRIVABLE, sets)
    if drivable is not None:
        said, yes = (drivable != IGNORE) & ~own, drivable == 1
        contrary = said & (fine != IGNORE) & (road != yes)
        fine = np.where(contrary, IGNORE, fine)
        silent = said & (fine == IGNORE)
        sets = np.where(silent, np.where(yes, SET_DRIVABLE, SET_NOT_DRIVABLE), sets)
        unsure = (drivable == IGNORE) & ~own
        sets, fine = np.where(unsure, IGNORE, sets), np.where(unsure, IGNORE, fine)
    if not rule.paint:
        fine = np.where(fine <= DRIVABLE[-1], IGNORE, fine)
    return np.stack([sets, fine]).astype(np.uint8)


def _part(folder: Path, name: str, stem: str, known: tuple[int, ...], shape: tuple[int, ...]) -> np.ndarray | None:
    path = folder / name / f"{stem}.png"
    if not (folder / name).is_dir():
        return None
    if not path.is_file():
        raise DataError(f"the picture {folder / 'images' / stem} has no label in {folder / name}")
    label = read_label(path, known)
    if label.shape != shape:
        raise DataError(f"the label {path} and its picture differ in size")
    return label


def folder_of(root: str | Path, name: str, split: str) -> Path:
    return Path(root) / name / split if FIELDS[name].split else Path(root) / name


def load_field(root: str | Path, name: str, split: str = "train") -> Source | None:
    """The set of that name, or ``None`` where the data folder has none; whatever is there must be whole."""
    folder = folder_of(root, name, split)
    if not folder.is_dir():
        return None
    first = next((part for part in ("labels", "drivable") if (folder / part).is_dir()), None)
    if first is None:
        raise DataError(f"the folder {folder} has neither labels/ nor drivable/")
    source = Source(f"{name}/{split}" if FIELDS[name].split else name)
    for picture, _ in pairs(folder, first):
        image = read_image(picture)
        labels, drivable, ego = (_part(folder, part, picture.stem, known, image.shape[:2]) for part, known in (
            ("labels", _LABEL_IDS), ("drivable", (0, 1)), ("ego", (NOT_SAID, OWN_CAR_ID))))
        both = merge(labels, drivable, ego, FIELDS[name])
        append(source, picture, image, both[0], both[1])
    return source


def conditions_of(root: str | Path, name: str, files: Sequence[str]) -> list[str]:
    """The condition of every picture by ``frames.csv`` of its set ("night", "rain" ...), "not said" where it has none."""
    path = Path(root) / name.split("/")[0] / "frames.csv"
    known: dict[str, str] = {}
    if path.is_file():
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                known[Path(row.get("file") or row.get("name") or "").name] = row.get("condition") or "not said"
    return [known.get(file, known.get(Path(file).stem, "not said")) for file in files]
