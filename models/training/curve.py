"""Draws the training curve from ``log.jsonl``:  python curve.py log.jsonl curve.png"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def draw(log: str | Path, picture: str | Path) -> None:
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    lines = [json.loads(t) for t in Path(log).read_text().splitlines() if t.strip()]
    x = [line["images"] / 1000 for line in lines]
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), dpi=80)
    for name in lines[-1]["loss"]:
        left.plot(x, [line["loss"].get(name, {}).get("sets") for line in lines], label=name)
    left.set(xlabel="thousand images", ylabel="loss on human labels")
    left.legend(fontsize=6)
    looked = [name for name in lines[-1]["val"] if name not in ("camvid/val", "idd/val")]
    for name, key in (("camvid/val", "miou11"), ("camvid/val", "drivable"), ("idd/val", "groups7"), ("idd/val", "drivable"),
                      *((name, "drivable") for name in looked)):
        # A set that is learnt as well (--with-val) is not looked at, and others were not in earlier schedules.
        right.plot(x, [line["val"].get(name, {}).get(key) for line in lines], label=f"{name} {key}")
    right.set(xlabel="thousand images", ylabel="IoU of the average, percent", ylim=(40, 100))
    right.grid(alpha=0.3)
    right.legend(fontsize=6)
    figure.tight_layout()
    figure.savefig(picture)
    plt.close(figure)


if __name__ == "__main__":
    draw(sys.argv[1], sys.argv[2])
