"""The command line -> an exit code: the only place that prints, colours or exits."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from topo.kernel.protocol import Kernel


def main(arguments: Sequence[str] | None = None, kernel: Kernel | None = None) -> int:
    """Runs one command, and returns its exit code; never raises.

    arguments: None for those of the process, which then ends with that code.
    kernel: the machine's own when None; a FakeKernel in tests.
    """
    if arguments is None:
        # A process makes many objects that live to its end, and no garbage worth looking for: that takes a third of a plan,
        # and taking all of it apart at the end another twentieth of an `up`. What was written has gone out (output.finished).
        gc.disable()
        os._exit(_run(sys.argv[1:], kernel, alone=True))
    return _run(list(arguments), kernel, alone=False)


def _run(arguments: list[str], kernel: Kernel | None, *, alone: bool) -> int:
    try:
        from topo.cli.application import run
        from topo.cli.timing import measured

        with measured(arguments, alone=alone):
            return run(arguments, kernel)
    except KeyboardInterrupt:  # before there was anybody to take it
        sys.stderr.write("interrupted\n")
        sys.stderr.flush()
        return 130
