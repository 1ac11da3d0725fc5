"""The command line of train.py."""

from __future__ import annotations

import argparse

from config import NETWORKS, Recipe


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(description="Train a PSPNet on driving pictures.")
    p.add_argument("--data", required=True, help="folder with camvid/ and idd/")
    p.add_argument("--run", required=True, help="folder for checkpoint, log and curve; resumed if it has one")
    p.add_argument("--network", default="lite", choices=sorted(NETWORKS))
    p.add_argument("--init", help="start from these weights (a checkpoint or weights/*.pt)")
    p.add_argument("--shape", default="", help="JSON with what shall differ, for comparisons: '{\"output_stride\": 8}'")
    p.add_argument("--recipe", default="", help="JSON with what shall differ from config.py's recipe: '{\"occluder\": 0}'")
    p.add_argument("--grow", action="store_true", help="--init may be of a shallower network of the same kind")
    p.add_argument("--teacher", default="", help="weights of a network of the same classes that is learnt from beside the labels")
    p.add_argument("--size", default="", help="WIDTHxHEIGHT of most samples and of the looks at val, e.g. 672x384")
    p.add_argument("--extra", action="append", default=[],
                   help="folder with images/ and labels/ (ids of label sets, 255 where unknown); may be given again")
    p.add_argument("--with-val", action="store_true",
                   help="learn camvid/val as well: for the very last run, when everything is chosen")
    p.add_argument("--budget-minutes", type=float, default=120, help="length of the schedule, wall clock")
    p.add_argument("--total-images", type=int, default=0, help="length of the schedule in images instead")
    p.add_argument("--restart", action="store_true", help="on resume, begin a new schedule (warm restart)")
    p.add_argument("--lr-scale", type=float, default=1.0)
    p.add_argument("--stop-after", type=float, default=0, help="minutes; saves and leaves")
    p.add_argument("--save-minutes", type=float, default=5)
    p.add_argument("--workers", type=int, default=1, help="processes that share the batch (CPU)")
    p.add_argument("--threads", type=int, default=2, help="of each worker")
    p.add_argument("--rank", type=int, default=0, help=argparse.SUPPRESS)
    p.add_argument("--meeting", default="", help=argparse.SUPPRESS)
    p.add_argument("--seed", type=int, default=Recipe.seed)
    return p
