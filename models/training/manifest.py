"""The JSON that the product reads before it downloads a model."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from config import CLASSES, MEAN, STD, NetworkConfig

TITLES = {"pspnet-lite": "PSPNet lite", "pspnet-base": "PSPNet base", "pspnet-wasm": "PSPNet wasm"}


def describe(config: NetworkConfig, name: str, version: str, width: int, height: int,
             files: list[tuple[str, Path]]) -> dict:
    """``files`` are (precision, path) of files that exist; paths are given by their last part."""
    stride = config.logit_stride
    return {
        "schema": 1, "name": name, "title": TITLES.get(name, name), "version": version,
        "files": [{"precision": precision, "path": path.name, "bytes": path.stat().st_size,
                   "sha256": hashlib.sha256(path.read_bytes()).hexdigest()} for precision, path in files],
        "input": {"name": "image", "layout": "NCHW", "width": width, "height": height, "channels": "RGB",
                  "scale": 1 / 255, "mean": [MEAN] * 3, "std": [STD] * 3, "fit": "stretch"},
        "gate": {"name": "gate", "levels": list(config.bins)},
        "output": {"name": "logits", "layout": "NCHW", "width": width // stride, "height": height // stride,
                   "stride": stride, "activation": "none"},
        "classes": list(CLASSES),
        "licence": "research, non-commercial",
        "source": "models/MODEL_CARD.md",
    }


def write(manifest: dict, path: Path) -> None:
    beside = path.with_name(path.name + ".part")
    beside.write_text(json.dumps(manifest, indent=2) + "\n")
    os.replace(beside, path)
