"""Trains a network; can be stopped and resumed at any time.

    python train.py --data DATA --run RUN [--network lite] [--budget-minutes 120]

The learning rate follows a cosine to (almost) zero over the budget: minutes of wall clock spent
in the training loop, pauses of the process included, or ``--total-images`` for a schedule that
does not depend on the machine. Each sample is a function of (seed, step, place in the batch), so
that a resumed run continues exactly where it was. RUN receives ``last.pt`` (model, average,
optimizer, counters), ``log.jsonl`` (one line per epoch) and ``curve.png``.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import signal
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import checkpoint
from augment import training_sample
from checkpoint import CheckpointError
from config import NETWORKS, NetworkConfig, Recipe
from data import DataError
from efficient import load_imagenet
from evaluate import score
from looks import borrowed, tones
from losses import distil_loss, fine_loss, kerbs, road_loss, set_loss, set_table
from mixture import Mixture
from network import PSPNet, count_macs, count_parameters
from options import parser
from parallel import Team, gather
from precision import bfloat16_pays
from sentence import Arguments, ends_in_a_sentence


class Trainer:
    def __init__(self, args: argparse.Namespace, recipe: Recipe, team: Team | None = None) -> None:
        self.args, self.recipe, self.team = args, recipe, team or Team()
        self.run = Path(args.run)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.fast = bfloat16_pays(self.device)
        torch.manual_seed(recipe.seed)
        self.net = PSPNet(self._network()).to(self.device, memory_format=torch.channels_last)
        self.optimizer = torch.optim.AdamW(self._parameter_groups(), lr=recipe.lr)
        self.ema: dict[str, Tensor] = {}
        self.step = self.images = self.restart_step = 0
        self.spent = self.spent_before = 0.0   # seconds in the loop: whole run, before this schedule
        self.images_before = 0
        self._restore()
        self.teacher = self._teacher()
        self._load_data()

    def _parameter_groups(self) -> list[dict]:
        """Kernels decay, scales and shifts do not; a pretrained encoder learns slower, and not at all at its start."""
        pretrained = self.net.config.pretrained
        groups = []
        for name, child in self.net.named_children():
            encoder = pretrained and (name == "stem" or name.startswith("stage"))
            fixed = encoder and name in self.recipe.fixed
            rate = self.recipe.encoder_rate if encoder else 1.0
            for decays in (True, False):
                chosen = [p.requires_grad_(not fixed) for p in child.parameters() if (p.ndim > 1) == decays]
                if chosen and not fixed:
                    groups.append({"params": chosen, "rate": rate,
                                   "weight_decay": self.recipe.weight_decay if decays else 0.0})
        return groups

    def _network(self) -> NetworkConfig:
        shape = NETWORKS[self.args.network].to_dict()
        try:
            return NetworkConfig.from_dict(shape | json.loads(self.args.shape or "{}"))
        except ValueError as error:
            raise DataError(f"--shape {self.args.shape} makes no network: {error}") from error

    def _restore(self) -> None:
        last = self.run / "last.pt"
        if last.exists():
            state = checkpoint.read(last)
            checkpoint.load_weights(self.net, state["model"], last)
            self.optimizer.load_state_dict(state["optimizer"])
            self.ema = {k: v.to(self.device) for k, v in state["ema"].items()}
            for name, value in state["counters"].items():
                setattr(self, name, value)
            if self.args.restart:
                self.restart_step, self.spent_before, self.images_before = self.step, self.spent, self.images
            self.say(f"resumed at step {self.step}, {self.images} images, {self.spent / 60:.1f} minutes")
            return
        if self.net.config.pretrained and (self.args.grow or not self.args.init):
            load_imagenet(self.net)
        if self.args.init:
            weights = checkpoint.more_classes(self.net, checkpoint.read(self.args.init)["ema"], self.say)
            if self.args.grow:
                new = checkpoint.grow(self.net, weights, self.args.init)
                self.say(f"grown from {self.args.init}: {new} tensors are new")
            else:
                checkpoint.load_weights(self.net, weights, self.args.init)
        self.ema = {k: v.detach().clone() for k, v in self.net.state_dict().items()}

    def _teacher(self) -> PSPNet | None:
        if not self.args.teacher:
            return None
        teacher = checkpoint.network_of(self.args.teacher).to(self.device, memory_format=torch.channels_last)
        if teacher.config.classes != self.net.config.classes:
            raise CheckpointError(f"the teacher {self.args.teacher} knows {teacher.config.classes} classes and "
                                  f"{self.net.config.name} {self.net.config.classes}")
        return teacher.requires_grad_(False)

    def _load_data(self) -> None:
        self.mixture = Mixture(self.args.data, self.args.extra, self.recipe, self.args.with_val, self.say)
        self.table = set_table().to(self.device)

    def say(self, text: str) -> None:
        if self.team.first:
            print(text, flush=True)

    # -- schedule ---------------------------------------------------------------------------

    def progress(self) -> float:
        """0..1 along the present schedule."""
        if self.args.total_images:
            return min(1.0, (self.images - self.images_before) / self.args.total_images)
        return min(1.0, (self.spent - self.spent_before) / (60 * self.args.budget_minutes))

    def learning_rate(self) -> float:
        r = self.recipe
        warm = min(1.0, (self.step - self.restart_step + 1) / r.warmup_steps)
        return r.lr_floor + self.args.lr_scale * r.lr * warm * 0.5 * (1 + math.cos(math.pi * self.progress()))

    def calm(self) -> float:
        """Chance of a sample to be left as it was taken: none at first, ``calm_share`` at the end."""
        r = self.recipe
        return r.calm_share * max(0.0, self.progress() - r.calm_from) / max(1e-9, 1 - r.calm_from)

    def distil(self) -> float:
        """Weight of what the teacher says: less, the more the student knows by itself."""
        first, last = self.recipe.distil
        return first + (last - first) * self.progress()

    # -- one step ---------------------------------------------------------------------------

    def batch(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """This worker's images [N,3,H,W], labels [N,3,h,w], source of each [N], gate [levels]."""
        r, mix = self.recipe, self.mixture
        rng = np.random.default_rng((r.seed, self.step))
        sizes = next(s for until, s in r.sizes if self.progress() < until)
        width, height, _ = sizes[rng.choice(len(sizes), p=[s[2] for s in sizes])]
        xs, ys, origin = [], [], []
        for place in range(self.team.rank, r.batch, self.team.size):
            one = np.random.default_rng((r.seed, self.step, place))
            k, i = mix.pick(one)
            image, look = mix.sources[k].images[i], None
            if one.random() < r.look_share:
                other, j = mix.pick(one)
                look = borrowed(tones(image), tones(mix.sources[other].images[j]), one)
            x, y = training_sample(image, mix.sources[k].labels[i], one, width, height, r.loss_stride, r.occluder,
                                   self.calm(), look, mix.weather[k], mix.bonnets, r.real_bonnet)
            xs.append(x)
            ys.append(y)
            origin.append(k)
        levels = len(self.net.config.bins)
        gate = torch.from_numpy((rng.random(levels) >= r.level_dropout).astype(np.float32))
        images = torch.stack(xs).to(self.device, memory_format=torch.channels_last)
        return images, torch.stack(ys).to(self.device), torch.tensor(origin), gate.to(self.device)

    def loss(self, outputs: tuple[Tensor, Tensor], labels: Tensor, origin: Tensor) -> tuple[Tensor, dict]:
        """Per data set, because class frequencies and the truth of labels differ between them."""
        r = self.recipe
        size = labels.shape[-2:]
        half = (size[0] // 2, size[1] // 2)   # coarser for the auxiliary head: it only has to help
        main, aux = (F.interpolate(o.float(), s, mode="bilinear", align_corners=False)
                     for o, s in zip(outputs, (size, half)))
        total = main.new_zeros(())
        parts = {}
        places = 1 + r.kerb_weight * kerbs(labels[:, 0], max(1, size[0] // 48))
        for k, source in enumerate(self.mixture.sources):
            mine = (origin == k).nonzero()[:, 0].to(self.device)
            if not mine.numel():
                continue
            sets, classes = (w.to(self.device) for w in self.mixture.weights[k])
            y = labels[mine]
            a = set_loss(main[mine], y[:, 0], sets, self.table, places[mine])
            b = fine_loss(main[mine], y[:, 1], classes)
            d = road_loss(main[mine], y[:, 2])
            c = set_loss(aux[mine], y[:, 0, ::2, ::2], sets, self.table)
            total = total + (a + r.fine_weight * b + r.aux_weight * c + r.road_weight * d) * (mine.numel() / origin.numel())
            parts[source.name] = (float(a.detach()), float(b.detach()))
        return total, parts

    def train_step(self) -> dict:
        self.net.train()
        images, labels, origin, gate = self.batch()
        rate = self.learning_rate()
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["rate"]
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.fast):
            outputs = self.net(images, gate)
            with torch.no_grad():
                taught = self.teacher(images) if self.teacher else None
        total, parts = self.loss(outputs, labels, origin)
        if taught is not None:
            apart = distil_loss(outputs[0].float(), taught)
            total = total + self.distil() * apart
            parts["teacher"] = (float(apart.detach()), 0.0)
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        self.team.average(self.net)
        norm = torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.recipe.clip_norm)
        if torch.isfinite(norm):
            self.optimizer.step()
        self.step += 1
        self.images += self.recipe.batch
        decay = min(self.recipe.ema_decay, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for key, value in self.net.state_dict().items():
                if value.dtype.is_floating_point:
                    self.ema[key].lerp_(value, 1 - decay)
                else:
                    self.ema[key].copy_(value)
        return parts

    # -- bookkeeping --------------------------------------------------------------------------

    def save(self) -> None:
        counters = {n: getattr(self, n) for n in
                    ("step", "images", "spent", "spent_before", "images_before", "restart_step")}
        checkpoint.save({"network": self.net.config.to_dict(), "model": self.net.state_dict(), "ema": self.ema,
                         "optimizer": self.optimizer.state_dict(), "counters": counters}, self.run / "last.pt")

    def averaged(self) -> PSPNet:
        net = PSPNet(self.net.config).to(self.device, memory_format=torch.channels_last)
        net.load_state_dict(self.ema)
        return net.eval()

    def report(self, sums: dict, speed: float) -> None:
        net, size = self.averaged(), (self.recipe.width, self.recipe.height)
        torch.set_num_threads(self.args.threads * self.team.size)   # the other workers wait
        val = {s.name: score(net, s, *size).summary() for s in self.mixture.checks}
        torch.set_num_threads(self.args.threads)
        line = {
            "step": self.step, "images": self.images, "minutes": round(self.spent / 60, 2),
            "lr": round(self.learning_rate(), 7), "images_per_second": round(speed, 2),
            "loss": {k: {"sets": round(v[0] / v[2], 4), "fine": round(v[1] / v[2], 4)} for k, v in sums.items()},
            "val": val,
        }
        with open(self.run / "log.jsonl", "a") as file:
            file.write(json.dumps(line) + "\n")
        short = {k: {m: v for m, v in s.items() if not isinstance(v, dict)} for k, s in val.items()}
        print(f"step {self.step} images {self.images} minutes {self.spent / 60:.1f} {speed:.1f}/s "
              f"loss {line['loss']} val {short}", flush=True)
        try:
            from curve import draw
            draw(self.run / "log.jsonl", self.run / "curve.png")
        except Exception as error:  # noqa: BLE001 - a picture is never worth a run
            print(f"no curve: {error}", flush=True)

    def go(self) -> None:
        stop = {"asked": False}
        lead = self.team.first
        for sig in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sig, lambda *_: stop.update(asked=True))
        r = self.recipe
        begun = clock = epoch_clock = saved = time.monotonic()
        sums: dict[str, list[float]] = {}
        epoch_images = 0
        while True:
            late = self.args.stop_after and clock - begun > 60 * self.args.stop_after
            done = float(stop["asked"] or late or self.progress() >= 1.0)
            self.spent, done = self.team.agree(self.spent, done)
            if done:
                break
            for name, (a, b) in self.train_step().items():
                old = sums.setdefault(name, [0.0, 0.0, 0])
                sums[name] = [old[0] + a, old[1] + b, old[2] + 1]
            epoch_images += r.batch
            now = time.monotonic()
            self.spent += now - clock
            clock = now
            if self.step % 50 == 0:
                self.say(f"  step {self.step} lr {self.learning_rate():.2e} progress {self.progress():.3f} "
                      f"{epoch_images / (now - epoch_clock):.1f}/s "
                      + " ".join(f"{k} {v[0] / v[2]:.3f}" for k, v in sums.items()))
            if self.images // r.epoch_images != (self.images - r.batch) // r.epoch_images:
                if lead:
                    self.report(sums, epoch_images / (now - epoch_clock))
                sums, epoch_images, epoch_clock = {}, 0, time.monotonic()
            if lead and now - saved > 60 * self.args.save_minutes:
                self.save()
                saved = now
        if lead:
            self.save()
        if lead and sums:
            self.report(sums, epoch_images / max(1e-3, time.monotonic() - epoch_clock))


def recipe_of(args: argparse.Namespace) -> Recipe:
    """The recipe with what the command line changes of it."""
    recipe = Recipe(seed=args.seed)
    try:
        recipe = replace(recipe, **json.loads(args.recipe or "{}"))
    except (TypeError, ValueError) as error:
        raise DataError(f"--recipe {args.recipe} is no recipe: {error}") from error
    if not args.size:
        return recipe
    match = re.fullmatch(r"(\d+)x(\d+)", args.size)
    if not match or any(int(side) % 16 for side in match.groups()):
        raise DataError(f"--size {args.size} is not WIDTHxHEIGHT in multiples of 16")
    width, height = int(match[1]), int(match[2])
    # Smaller ones now and then, so that the weights keep their sense of scale.
    sizes = ((1.01, ((width, height, 0.75), (recipe.width, recipe.height, 0.25))),)
    return replace(recipe, width=width, height=height, sizes=sizes)


@ends_in_a_sentence(DataError, CheckpointError, ImportError, OSError)
def main(argv: Arguments = None) -> None:
    argv = sys.argv[1:] if argv is None else argv
    args = parser().parse_args(argv)
    torch.set_num_threads(args.threads)
    Path(args.run).mkdir(parents=True, exist_ok=True)
    team, others = gather(args.workers, argv, args.rank, args.meeting)
    trainer = Trainer(args, recipe_of(args), team)
    net, r = trainer.net, trainer.recipe
    trainer.say(f"{net.config.name}: {count_parameters(net) / 1e6:.2f} M parameters, "
                f"{count_macs(net, r.width, r.height) / 1e9:.2f} GMAC at {r.width}x{r.height}, on {trainer.device}")
    if team.first:
        (trainer.run / "recipe.json").write_text(json.dumps(asdict(r) | {"arguments": vars(args)}, indent=1))
    trainer.go()
    team.leave()
    for other in others:
        other.wait()


if __name__ == "__main__":
    sys.exit(main())
