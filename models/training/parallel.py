"""Two processes with one thread each instead of one process with two threads.

On a CPU that others use as well, every parallel loop of every layer waits for the slower thread,
thousands of times per step; whole processes wait for each other once. Each worker takes its
places of the batch; gradients and batch-norm statistics are averaged, so that all workers stay
identical and any of them could write the checkpoint (the first one does).
"""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import uuid
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor, nn


class Team:
    """This process's place among ``size`` workers; with one worker everything is a no-op."""

    def __init__(self, rank: int = 0, size: int = 1, meeting: str = "") -> None:
        self.rank, self.size = rank, size
        if size > 1:
            os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
            dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=size,
                                    timeout=datetime.timedelta(hours=6))

    @property
    def first(self) -> bool:
        return self.rank == 0

    def agree(self, *values: float) -> list[float]:
        """Everyone gets the first worker's numbers."""
        if self.size == 1:
            return list(values)
        box = torch.tensor(values, dtype=torch.float64)
        dist.broadcast(box, 0)
        return box.tolist()

    def average(self, net: nn.Module) -> None:
        """Gradients and floating-point buffers become the mean over workers."""
        if self.size == 1:
            return
        parts: list[Tensor] = [p.grad for p in net.parameters() if p.grad is not None]
        parts += [b for n, b in net.named_buffers() if n.endswith(("running_mean", "running_var"))]
        flat = torch.cat([p.reshape(-1) for p in parts])
        dist.all_reduce(flat)
        flat /= self.size
        start = 0
        for p in parts:
            p.copy_(flat[start:start + p.numel()].view(p.shape))
            start += p.numel()

    def leave(self) -> None:
        if self.size > 1:
            dist.destroy_process_group()


def gather(size: int, argv: list[str], rank: int, meeting: str) -> tuple[Team, list[subprocess.Popen]]:
    """The first worker starts the others as copies of this program."""
    if size == 1:
        return Team(), []
    others = []
    if rank == 0:
        meeting = str(Path(os.environ.get("TMPDIR", "/tmp")) / f"carriageway-{uuid.uuid4().hex}")
        program = str(Path(sys.argv[0]).resolve())
        others = [subprocess.Popen([sys.executable, program, *argv, "--rank", str(r), "--meeting", meeting])
                  for r in range(1, size)]
    return Team(rank, size, meeting), others
