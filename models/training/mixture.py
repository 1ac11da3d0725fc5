"""What a run learns from: the sets that are there, how much each gives, and which picture comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from bonnets import Bonnets
from config import NUM_CLASSES, OWN_CAR, SETS, Recipe
from data import DataError, Source, load, load_extra, quick_looks
from field import FIELDS, load_field
from losses import soft_weights


def label_weights(source: Source, offset: float) -> tuple[Tensor, Tensor]:
    """Weights of label sets [256] by id and of single classes [classes] from how often they occur."""
    counts = torch.zeros(2, 256)
    for label in source.labels:
        for k in range(2):
            counts[k] += torch.from_numpy(np.bincount(label[k].ravel(), minlength=256)).float()
    sets = torch.ones(256)
    present = torch.tensor([i for i in SETS if counts[0, i] > 0])
    if present.numel():
        sets[present] = soft_weights(counts[0, present], offset)
    return sets, soft_weights(counts[1, :NUM_CLASSES], offset)


class Mixture:
    """Sources, each with its share of the samples and its weights of labels."""

    def __init__(self, data: str, extra: Sequence[str], recipe: Recipe, with_val: bool, say: Callable[[str], None]) -> None:
        shares = dict(recipe.shares)
        if unknown := sorted(shares.keys() - FIELDS.keys() - {"camvid", "idd"}):
            raise DataError(f"the recipe's shares name the set {unknown[0]}, which is none of camvid, idd, {', '.join(FIELDS)}")
        found = {}
        for name, share in shares.items():
            if share <= 0:
                continue
            if name in FIELDS:
                source = load_field(data, name)
            else:
                source = load(data, name, "train")
                if name == "camvid" and with_val:
                    source += load(data, "camvid", "val")
            if source is None:
                say(f"the set {name} is not in {data}: its share of the samples goes to the others")
            else:
                found[name] = source
        if not found:
            raise DataError("the recipe's shares leave nothing to learn from")
        total = sum(shares[name] for name in found)
        self.sources = list(found.values())
        self.shares = [shares[name] / total for name in found]
        extras = [load_extra(folder) for folder in extra]
        if extras:
            self.shares = [s * (1 - recipe.extra_share) for s in self.shares]
            self.shares += [recipe.extra_share / len(extras)] * len(extras)
            self.sources += extras
        chance = {True: recipe.real_weather, False: recipe.weather}
        self.weather = [chance[name in FIELDS and FIELDS[name].weather] for name in found] + [recipe.weather] * len(extras)
        self.weights = [label_weights(s, recipe.weight_offset) for s in self.sources]
        self.odds = [s.odds(recipe.drive_power) for s in self.sources]
        self.checks = quick_looks(data, with_val)
        self.checks += [s.every(2) for name in ("streets", "wet", "snow", "spain")
                        if name in found and (s := load_field(data, name, "val")) is not None]
        self.bonnets = Bonnets.cut(self.sources, OWN_CAR)
        say("data: " + ", ".join(f"{s.name} {len(s)}" for s in self.sources + self.checks)
            + f"; {len(self.bonnets)} own cars to paste")

    def pick(self, rng: np.random.Generator) -> tuple[int, int]:
        """A source and one of its pictures, by the shares."""
        k = int(rng.choice(len(self.sources), p=self.shares))
        return k, int(rng.choice(len(self.sources[k]), p=self.odds[k]))
