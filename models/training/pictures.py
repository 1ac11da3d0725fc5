"""A page of pictures to look at: prediction over image, best, median and worst of a set.

    python pictures.py --data DATA --weights last.pt --set idd/val --out /somewhere/outside/idd.png

The data sets' pictures may not be redistributed: write the page outside the repository.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

import checkpoint
from augment import evaluation_sample
from checkpoint import CheckpointError
from data import DataError, read_image
from evaluate import onnx_predictor, open_set, torch_predictor
from metrics import Scores
from sentence import Arguments, ends_in_a_sentence

COLOURS = np.array([
    (128, 64, 128), (255, 255, 255), (244, 35, 232), (70, 70, 70), (190, 153, 153), (153, 153, 153),
    (220, 220, 0), (107, 142, 35), (70, 130, 180), (220, 20, 60), (255, 0, 0), (0, 0, 142), (0, 200, 120)], np.float32)


def overlay(image: np.ndarray, classes: np.ndarray) -> Image.Image:
    mixed = image * 0.45 + COLOURS[classes] * 0.55
    return Image.fromarray(mixed.astype(np.uint8))


def page(tiles: list[tuple[str, Image.Image]], columns: int = 4, width: int = 400) -> Image.Image:
    """Tiles with captions, in rows."""
    sized = [(text, im.resize((width, im.height * width // im.width))) for text, im in tiles]
    height = max(im.height for _, im in sized) + 14
    rows = -(-len(sized) // columns)
    sheet = Image.new("RGB", (columns * width, rows * height))
    draw = ImageDraw.Draw(sheet)
    for i, (text, im) in enumerate(sized):
        x, y = i % columns * width, i // columns * height
        sheet.paste(im, (x, y + 14))
        draw.text((x + 3, y + 1), text, fill=(255, 255, 255))
    return sheet


@ends_in_a_sentence(DataError, CheckpointError)
def main(argv: Arguments = None) -> None:
    p = argparse.ArgumentParser(description="Draw predictions over pictures.")
    p.add_argument("--data", default=".")
    p.add_argument("--weights", required=True)
    p.add_argument("--set", help="camvid/val, idd/val, or a folder with images/ and labels/")
    p.add_argument("--images", type=Path, nargs="*", help="unlabelled pictures instead")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--every", type=int, default=1)
    p.add_argument("--each", type=int, default=4, help="pictures of each kind")
    args = p.parse_args(argv)
    torch.set_num_threads(1)
    width, height = 480, 288
    if args.weights.endswith(".onnx"):
        predict, width, height = onnx_predictor(args.weights, 1)
    else:
        predict = torch_predictor(checkpoint.network_of(args.weights), fast=False)
    tiles = []
    if args.images:
        for path in args.images:
            image = read_image(path)
            logits = predict(evaluation_sample(image, width, height))
            full = torch.nn.functional.interpolate(logits[None], image.shape[:2], mode="bilinear")[0]
            tiles.append((path.name, overlay(image, full.argmax(0).numpy())))
    else:
        source = open_set(args.data, args.set).every(args.every)
        scores = Scores(coarse=source.name.startswith("idd"))
        drawn = [scores.add(predict(evaluation_sample(im, width, height)), torch.from_numpy(lb)).numpy()
                 for im, lb in zip(source.images, source.labels)]
        order = sorted(range(len(drawn)), key=lambda i: scores.each[i])
        middle = len(order) // 2
        for kind, part in (("worst", order[:args.each]), ("median", order[middle:middle + args.each]),
                           ("best", order[-args.each:])):
            tiles += [(f"{kind} {source.files[i]} drivable {100 * scores.each[i]:.1f}",
                       overlay(source.images[i], drawn[i])) for i in part]
    page(tiles).save(args.out)


if __name__ == "__main__":
    sys.exit(main())
