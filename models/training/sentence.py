"""How the command lines end when something is wrong: with one sentence for a human."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable

Arguments = list[str] | None   # of the command line; None takes the process's own


def ends_in_a_sentence(*expected: type[Exception]) -> Callable[[Callable[[Arguments], None]], Callable[..., int]]:
    """Makes an exit code of a command: 1 and one sentence after an ``expected`` error, 0 at its end.

    Errors of the file system, where they are expected, say what happened to which file. All others are faults of the
    program and keep their traceback.
    """
    def decorate(command: Callable[[Arguments], None]) -> Callable[..., int]:
        @functools.wraps(command)
        def main(argv: Arguments = None) -> int:
            try:
                command(argv)
            except expected as error:
                said = f"{error.strerror}: {error.filename}" if isinstance(error, OSError) else error
                print(f"error: {said}", file=sys.stderr)
                return 1
            return 0

        return main

    return decorate
