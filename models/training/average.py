"""Averages the weights of two checkpoints of one network.

Between a network and its fine-tuned self, a straight line in weight space often holds networks
better than either end on both the old and the new task (Wortsman et al., "Robust fine-tuning of
zero-shot models", CVPR 2022). Batch norm statistics are averaged with the rest: both ends share
them closely enough, and the evaluation says whether they do.
"""

from __future__ import annotations

import argparse
import sys

import checkpoint
from sentence import Arguments, ends_in_a_sentence


def averaged(first: dict, second: dict, share: float) -> dict:
    """A checkpoint of ``(1 - share) * first + share * second``, averaged weights only.

    Raises ``ValueError`` when the two are not of one architecture or the share is outside 0..1.
    """
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"a share lies between 0 and 1, not at {share}")
    a, b = first["ema"], second["ema"]
    if first["network"] != second["network"] or a.keys() != b.keys():
        raise ValueError("the two checkpoints are of different architectures")
    mixed = {}
    for name, value in b.items():
        if value.is_floating_point():
            mixed[name] = ((1 - share) * a[name].float() + share * value.float()).to(value.dtype)
        else:
            mixed[name] = value
    return {"network": second["network"], "ema": mixed}


@ends_in_a_sentence(ValueError, checkpoint.CheckpointError)
def main(argv: Arguments = None) -> None:
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--first", required=True, help="checkpoint or weights/*.pt")
    p.add_argument("--second", required=True, help="checkpoint or weights/*.pt")
    p.add_argument("--share", type=float, default=0.5, help="of the second, 0 to 1")
    p.add_argument("--out", required=True)
    args = p.parse_args(argv)
    checkpoint.save(averaged(checkpoint.read(args.first), checkpoint.read(args.second), args.share), args.out)


if __name__ == "__main__":
    sys.exit(main())
