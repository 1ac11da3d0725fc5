"""Lets the tests import the programs beside them, and makes small stand-ins for data and networks."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

torch.set_num_threads(1)
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def write_pair(folder: Path, stem: str, image: np.ndarray, labels: dict[str, np.ndarray]) -> None:
    (folder / "images").mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(folder / "images" / f"{stem}.png")
    for kind, label in labels.items():
        (folder / kind).mkdir(parents=True, exist_ok=True)
        Image.fromarray(label).save(folder / kind / f"{stem}.png")


def street(rng: np.random.Generator, width: int = 96, height: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Sky over building over road with a vehicle; colours follow the classes."""
    label = np.full((height, width), 8, np.uint8)
    label[height // 3:] = 3
    label[height // 2:] = 0
    x = int(rng.integers(5, width - 25))
    label[height // 2 - 6:height // 2 + 6, x:x + 20] = 11
    colours = np.random.default_rng(5).integers(20, 235, (12, 3))
    image = colours[label] + rng.normal(0, 4, (height, width, 3))
    return np.clip(image, 0, 255).astype(np.uint8), label


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a few drawn streets in every place the programs look."""
    rng = np.random.default_rng(0)
    coarse_of = np.array([0, 0, 1, 5, 4, 4, 4, 5, 6, 2, 2, 3], np.uint8)
    root = tmp_path / "data"
    for dataset, splits in (("camvid", ("train", "val")), ("idd", ("train", "val"))):
        for split in splits:
            for i in range(4):
                image, label = street(rng)
                labels = {"labels": label} | ({"coarse": coarse_of[label]} if dataset == "idd" else {})
                write_pair(root / dataset / split, f"{i:03}", image, labels)
    return root


@pytest.fixture
def tiny():
    """A very small network with running statistics that are not the initial ones."""
    from config import NETWORKS
    from network import PSPNet

    torch.manual_seed(0)
    net = PSPNet(NETWORKS["tiny"])
    for m in net.modules():
        if isinstance(m, torch.nn.BatchNorm2d):
            m.running_mean.uniform_(-0.2, 0.2)
            m.running_var.uniform_(0.5, 1.5)
            m.weight.data.uniform_(0.5, 1.5)
            m.bias.data.uniform_(-0.2, 0.2)
    return net.eval()
