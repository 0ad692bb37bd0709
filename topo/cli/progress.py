"""operations -> what the user sees while they are done: each one with -v, else one line on a terminal when it takes long."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from topo.cli import output
from topo.kernel.protocol import Operation
from topo.objects import KINDS
from topo.planner.plan import Plan

_PATIENCE = 1.0
_PAUSE = 0.1
"""Seconds: after which a command is a long one; between two changes of the line."""

_CLEAR = "\r\x1b[K"


class Progress:
    """The line is cleared when it is left."""

    def __init__(self, *, verbose: bool, quiet: bool) -> None:
        self._verbose = verbose
        self._line = not quiet and not verbose and sys.stderr.isatty()
        self.quiet = quiet
        self._due = time.monotonic() + _PATIENCE
        self._shown = False
        self._done = 0
        self._total = 0
        self._lab = ""

    def planned(self, plan: Plan) -> None:
        """What is to be done is known."""
        self._lab, self._total = plan.lab, len(plan.operations)
        if not self.quiet:
            for warning in plan.warnings:
                output.tell(f"warning: {warning}")

    def done(self, operation: Operation) -> None:
        """One more operation is done."""
        self._done += 1
        if self._verbose:
            output.tell(words(operation))
        elif self._line and time.monotonic() >= self._due:
            self._due = time.monotonic() + _PAUSE
            self._shown = True
            sys.stderr.write(f"{_CLEAR}{self._lab}: {self._done} of {self._total} operations")
            sys.stderr.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._shown:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()


def words(operation: Operation) -> str:
    """An operation in words close to iproute2's."""
    return KINDS[operation.thing.kind].words(operation.before, operation.after)
