"""Files that survive a cut: written beside, flushed, then renamed over the old one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import torch

from config import CLASSES, NetworkConfig
from network import PSPNet


class CheckpointError(Exception):
    """A checkpoint cannot be written or does not fit; the message is one sentence."""


def save(state: dict, path: str | Path) -> None:
    """Writes ``state``; on failure (a full disk) the old file is untouched."""
    path = Path(path)
    beside = path.with_name(path.name + ".part")
    try:
        with open(beside, "wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except (OSError, RuntimeError) as error:
        beside.unlink(missing_ok=True)
        raise CheckpointError(f"the checkpoint {path} could not be written ({error}); "
                              "the one before it is untouched") from error


def read(path: str | Path) -> dict:
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise CheckpointError(f"the checkpoint {path} does not exist") from error
    except Exception as error:  # noqa: BLE001 - torch raises many kinds for a damaged file
        raise CheckpointError(f"the checkpoint {path} is damaged or not a checkpoint") from error
    if not isinstance(state, dict) or "network" not in state or "ema" not in state:
        raise CheckpointError(f"{path} is not a checkpoint of this program")
    return state


def load_weights(net: PSPNet, weights: dict, path: str | Path) -> None:
    """Half-precision weights are widened; another architecture is refused."""
    mine = net.state_dict()
    old = weights.get("classify.bias")
    if old is not None and len(old) < net.config.classes and mine.keys() == weights.keys():
        raise CheckpointError(f"the checkpoint {path} knows {len(old)} classes and {net.config.name} {net.config.classes}: "
                              "begin a new run from it with --init, which adds the missing ones")
    if mine.keys() != weights.keys() or any(mine[k].shape != weights[k].shape for k in mine):
        raise CheckpointError(f"the checkpoint {path} is of another architecture than {net.config.name}")
    net.load_state_dict({k: v.to(mine[k].dtype) for k, v in weights.items()})


def more_classes(net: PSPNet, weights: dict, say: Callable[[str], None]) -> dict:
    """The weights with a logit for every class of ``net``, where they know fewer of the same classes.

    A new class begins as one that is seldom guessed: kernels of next to nothing and a bias below those of all others.
    """
    mine, out, added = net.state_dict(), dict(weights), 0
    for layer in ("classify", "detail_classify", "auxiliary.1"):
        kernel, bias = f"{layer}.weight", f"{layer}.bias"
        if kernel not in mine or kernel not in weights or weights[kernel].ndim != 4:
            continue
        old, missing = weights[kernel], mine[kernel].shape[0] - weights[kernel].shape[0]
        if missing <= 0 or old.shape[1:] != mine[kernel].shape[1:]:
            continue
        spread = 0.1 * float(old.float().std())
        noise = torch.randn(missing, *old.shape[1:], generator=torch.Generator().manual_seed(0)) * spread
        below = weights[bias].float().min() - 2 if layer != "detail_classify" else torch.zeros(())
        out[kernel] = torch.cat([old.float(), noise])
        out[bias] = torch.cat([weights[bias].float(), below.expand(missing)])
        added = missing
    if added:
        names = ", ".join(CLASSES[-added:])
        say(f"the checkpoint knows {net.config.classes - added} classes; the logit of {names} is new and begins as seldom guessed")
    return out


def grow(net: PSPNet, weights: dict, path: str | Path) -> int:
    """Takes over what a smaller network of the same kind has; the rest of ``net`` stays. Returns how many tensors did."""
    mine = net.state_dict()
    common = {k: v.to(mine[k].dtype) for k, v in weights.items() if k in mine and mine[k].shape == v.shape}
    if len(common) < len(weights):
        raise CheckpointError(f"the checkpoint {path} does not fit into {net.config.name}")
    net.load_state_dict(mine | common)
    return len(mine) - len(common)


def network_of(path: str | Path) -> PSPNet:
    """The averaged network of a checkpoint or of an exported ``weights/*.pt``, in eval mode."""
    state = read(path)
    net = PSPNet(NetworkConfig.from_dict(state["network"]))
    load_weights(net, state["ema"], path)
    return net.eval()
