"""The command line -> an exit code: the only place that prints, colours or exits."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from topo.kernel.protocol import Kernel


def main(arguments: Sequence[str] | None = None, kernel: Kernel | None = None) -> int:
    """Runs one command, and returns its exit code; never raises.

    arguments: those of the process when None. kernel: the machine's own when None; a FakeKernel in tests.
    """
    if arguments is None:
        # A process makes many objects that live to its end, and no garbage worth looking for, which takes a third of a plan.
        gc.disable()
    from topo.cli.application import run

    return run(list(sys.argv[1:] if arguments is None else arguments), kernel)
