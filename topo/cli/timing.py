"""arguments, the environment -> whether stages are measured; their seconds -> a table."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from topo import timings
from topo.cli import output

_VARIABLE = "TOPO_TIMINGS"
_OPTION = "--timings"


@contextmanager
def measured(arguments: Sequence[str], *, alone: bool) -> Iterator[None]:
    """Around a command: tells its stages at the end, when they are asked for.

    alone: the process is there for this command only, so that all of its time counts. What was before is known in processor
    time, which for a process that has only started and imported is its time.
    """
    if not _asked(arguments):
        yield
        return
    timings.begin(time.process_time() if alone else 0.0)
    try:
        yield
    finally:
        with suppress(output.OutputError):  # who cannot be told that either
            output.tell(_text(timings.end()))


def _asked(arguments: Sequence[str]) -> bool:
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return os.environ.get(_VARIABLE, "") not in ("", "0") or (_OPTION in own and own[0] != "exec")


def _text(spent: Mapping[str, float]) -> str:
    """A line for each stage: milliseconds, and the share of the whole."""
    whole = sum(spent.values())
    rows = [*spent.items(), ("total", whole)]
    return "\n".join(f"{name:8} {seconds * 1000:9.1f} ms {seconds / whole:5.0%}" for name, seconds in rows)
