"""a command that needs the lab's lock -> the same, which says so when it has to wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from topo.cli import output
from topo.errors import LockTimeoutError

_SILENT = 1.0
"""Seconds that nobody wonders about."""

Answer = TypeVar("Answer")


def patiently(command: Callable[[float | None], Answer], timeout: float | None, *, quiet: bool) -> Answer:
    """`command(seconds)`, which raises LockTimeoutError when it has not the lock by then; `timeout` seconds in all."""
    if quiet or (timeout is not None and timeout <= _SILENT):
        return command(timeout)
    try:
        return command(_SILENT)
    except LockTimeoutError as error:
        output.tell(f"waiting: {error.message}")
    return command(None if timeout is None else timeout - _SILENT)
