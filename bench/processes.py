"""A command -> the time and the memory of its whole process, from exec to exit."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MARK = "TOPO_BENCH_COMMAND"
"""In the environment of every command that is measured, and so of every process that it leaves behind: who measured it."""


@dataclass(frozen=True)
class Spent:
    """`seconds` on the clock; `peak` of memory, in MiB; `out`: what the command printed."""

    seconds: float
    peak: float
    out: str


class Failed(Exception):
    """A command that was to be measured did not succeed."""


def spend(argv: Sequence[str | Path]) -> Spent:
    """Runs a command, without what this process has in PYTHONPATH. Raises Failed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | {MARK: str(os.getpid())}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        start = time.perf_counter()
        child = subprocess.Popen(list(map(str, argv)), stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if status:
            raise Failed(f"{' '.join(map(str, argv))} ends with {child.returncode}:\n{err.read()[-2000:]}")
        # The kernel counts from fork on, so no peak is below this process's own: it must stay small.
        return Spent(seconds, usage.ru_maxrss / 1024, out.read())


def left_behind() -> int:
    """How many processes there are that a measured command has started, and that have not ended with it."""
    count, mark = 0, f"{MARK}={os.getpid()}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            count += mark in (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # it has just ended
    return count
