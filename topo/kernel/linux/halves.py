"""Names, how to read them -> what was read: a large lab is read by two processes, of which one only looks and tells."""

from __future__ import annotations

import marshal
import os
import signal
import threading
from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar

T = TypeVar("T")

FEW = 200
"""So many namespaces one process reads in the time that it takes to make a second one and to hear what that has found."""


def read(names: Sequence[str], here: Callable[[Sequence[str]], list[T]], apart: Callable[[Sequence[str]], list[T]]) -> list[T]:
    """What `here` finds of the first half of the names, and `apart` of the second, in a process of its own: it must be of what
    marshal can write. Where that process fails, for whatever reason, `apart` is called once more, here."""
    if len(names) < FEW or len(os.sched_getaffinity(0)) < 2 or threading.active_count() > 1:
        return here(names)
    half = len(names) // 2
    told = os.memfd_create("topo")
    try:
        pid = os.fork()
        if not pid:
            _tell(told, names[half:], apart)
        try:
            found = here(names[:half])
        finally:
            failed = os.waitpid(pid, 0)[1]
        with open(told, "rb", closefd=False) as file:
            file.seek(0)
            return found + (apart(names[half:]) if failed else marshal.load(file))
    finally:
        os.close(told)


def _tell(told: int, names: Sequence[str], apart: Callable[[Sequence[str]], list[T]]) -> NoReturn:
    """The other process. It fails without a word: the first one will meet what it has met."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        with open(told, "wb") as file:
            marshal.dump(apart(names), file)
    except BaseException:
        os._exit(1)
    os._exit(0)
