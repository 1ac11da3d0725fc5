"""Files that survive a cut: written beside, flushed, then renamed over the old one."""

from __future__ import annotations

import os
from pathlib import Path

import torch

from config import NetworkConfig
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
    if mine.keys() != weights.keys() or any(mine[k].shape != weights[k].shape for k in mine):
        raise CheckpointError(f"the checkpoint {path} is of another architecture than {net.config.name}")
    net.load_state_dict({k: v.to(mine[k].dtype) for k, v in weights.items()})


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
