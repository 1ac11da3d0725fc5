"""Pictures and labels, decoded once into memory.

Layout of the data folder: ``camvid/{train,val,test}/{images,labels}``,
``idd/{train,val}/{images,labels,coarse}``; pictures are JPEG or PNG, labels 8-bit index PNGs.
An extra folder has ``images`` and ``labels`` with ids of label sets (``config.SETS``; the first thirteen are the classes),
255 where unknown: rendered frames, or what ``pseudo.py`` writes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from config import GROUP_TO_SET, GROUPS, IGNORE, NUM_CLASSES, SET_DRIVABLE, SETS


SOFT = 250   # in road/ of an extra folder: this stands for a probability of one, 255 for "not said"


class DataError(Exception):
    """Something about the data folder is wrong; the message is one sentence for a human."""


@dataclass
class Source:
    """One data set in memory. ``labels[i]`` is uint8 [2,h,w]: label set, single class; or [3,h,w] with a teacher's
    probability of road (``SOFT`` for one, 255 where the teacher is not asked)."""

    name: str
    images: list[np.ndarray] = field(default_factory=list)   # uint8 [h,w,3], RGB
    labels: list[np.ndarray] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.images)

    def odds(self, power: float = 0.5) -> np.ndarray:
        """float64 [pictures], sums to one: a drive counts by its length to ``1 - power``, by the square root as it is.

        Neighbouring frames repeat each other, so that a drive of four times as many shows about twice as much. What
        stands before the first "_" of a file's name is its drive.
        """
        drives = [name.split("_")[0] for name in self.files]
        lengths = {drive: drives.count(drive) for drive in set(drives)}
        odds = np.array([lengths[drive] ** -power for drive in drives])
        return odds / odds.sum()

    def __add__(self, other: "Source") -> "Source":
        """Both as one data set, under both names."""
        return Source(f"{self.name}+{other.name}", self.images + other.images, self.labels + other.labels,
                      self.files + other.files)

    def every(self, step: int) -> "Source":
        return Source(self.name, self.images[::step], self.labels[::step], self.files[::step])


def _lookup(pairs: dict[int, int]) -> np.ndarray:
    table = np.full(256, IGNORE, np.uint8)
    for key, value in pairs.items():
        table[key] = value
    return table


# CamVid: humans drew the carriageway as one; which of it is paint was guessed by a network.
_MERGED = _lookup({c: c for c in range(NUM_CLASSES)} | {0: SET_DRIVABLE, 1: SET_DRIVABLE})
_SINGLE = _lookup({c: c for c in range(NUM_CLASSES)})   # a set of several classes names none of them
_COARSE = _lookup(dict(enumerate(GROUP_TO_SET)))


def read_image(path: Path) -> np.ndarray:
    try:
        return np.array(Image.open(path).convert("RGB"))
    except OSError as error:
        raise DataError(f"the picture {path} cannot be read ({error})") from error


def read_label(path: Path, known: Collection[int]) -> np.ndarray:
    """uint8 [h,w]; every value is one of ``known`` or 255."""
    try:
        label = np.array(Image.open(path))
    except OSError as error:
        raise DataError(f"the label {path} cannot be read ({error})") from error
    if label.ndim != 2 or label.dtype != np.uint8:
        raise DataError(f"the label {path} is not an 8-bit index picture")
    held = np.flatnonzero(np.bincount(label.ravel(), minlength=256))
    bad = [int(value) for value in held if value != IGNORE and value not in known]
    if bad:
        raise DataError(f"the label {path} holds the unknown id {bad[0]}")
    return label


def pairs(folder: Path, label_folder: str) -> list[tuple[Path, Path]]:
    """(picture, label) by stem; complains of the first picture without label or the reverse."""
    images, labels = folder / "images", folder / label_folder
    for part in (images, labels):
        if not part.is_dir():
            raise DataError(f"the folder {part} does not exist")
    pictures = {p.stem: p for p in images.iterdir() if p.suffix.lower() in (".jpg", ".jpeg", ".png")}
    drawn = {p.stem: p for p in labels.iterdir() if p.suffix.lower() == ".png"}
    if not pictures:
        raise DataError(f"the folder {images} holds no pictures")
    for stem in sorted(pictures.keys() ^ drawn.keys()):
        if stem in pictures:
            raise DataError(f"the picture {pictures[stem]} has no label in {labels}")
        raise DataError(f"the label {drawn[stem]} has no picture in {images}")
    return [(pictures[s], drawn[s]) for s in sorted(pictures)]


def load(root: str | Path, dataset: str, split: str) -> Source:
    """``camvid`` or ``idd`` of the data folder."""
    folder = Path(root) / dataset / split
    source = Source(f"{dataset}/{split}")
    for picture, drawn in pairs(folder, "labels"):
        image, fine = read_image(picture), read_label(drawn, range(NUM_CLASSES))
        if dataset == "idd":
            coarse_path = folder / "coarse" / drawn.name
            if not coarse_path.exists():
                raise DataError(f"the picture {picture} has no label in {folder / 'coarse'}")
            sets = _COARSE[read_label(coarse_path, range(len(GROUPS)))]
        else:
            sets = _MERGED[fine]
        append(source, picture, image, sets, fine)
    return source


def quick_looks(root: str | Path, learnt: bool = False) -> list[Source]:
    """The parts of the validation sets that a run is looked at by; the whole sets are for evaluate.py.

    ``learnt``: ``camvid/val`` is among the pictures learnt from, and says nothing any more.
    """
    looks = [] if learnt else [load(root, "camvid", "val").every(2)]
    return [*looks, load(root, "idd", "val").every(3)]


def load_extra(folder: str | Path) -> Source:
    """Rendered frames, whose classes are exact, or pictures labelled by networks: hard where they were sure, with a
    probability of road (``road``, if there is such a folder) where not."""
    source = Source(f"extra/{Path(folder).name}")
    soft = (Path(folder) / "road").is_dir()
    for picture, drawn in pairs(Path(folder), "labels"):
        sets = read_label(drawn, SETS)
        road = read_label(Path(folder) / "road" / drawn.name, range(SOFT + 1)) if soft else None
        append(source, picture, read_image(picture), sets, _SINGLE[sets], road)
    return source


def append(source: Source, path: Path, image: np.ndarray, sets: np.ndarray, fine: np.ndarray,
           road: np.ndarray | None = None) -> None:
    planes = [sets, fine] if road is None else [sets, fine, road]
    if any(plane.shape != image.shape[:2] for plane in planes):
        raise DataError(f"the picture {path} and its label differ in size")
    source.images.append(image)
    source.labels.append(np.stack(planes))
    source.files.append(path.name)
