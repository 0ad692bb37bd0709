"""A command -> the same command, killed at its Nth call of the kernel."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from tests.live.driving import Done, Topo
from tests.world.waiting import wait_for

CALLS = ("sendto", "sendmsg", "mount", "umount2", "unshare", "mkdir", "rename", "unlink", "rmdir")
"""What changes a kernel or a file; netlink messages go by the first two."""


def _attached(*options: str) -> Callable[[int], None]:
    """strace on a command that has not begun; it ends with the command."""

    def attach(pid: int) -> None:
        tracer = subprocess.Popen(
            ["strace", "-f", "-qq", *options, "-p", str(pid)], stderr=subprocess.DEVNULL, start_new_session=True
        )
        _TRACERS.append(tracer)
        wait_for(lambda: _traced(pid) or tracer.poll() is not None, why="strace to attach")
        assert tracer.poll() is None, "strace cannot attach"

    return attach


_TRACERS: list[subprocess.Popen[bytes]] = []


def _traced(pid: int) -> bool:
    return "TracerPid:\t0\n" not in Path(f"/proc/{pid}/status").read_text()


def _end() -> None:
    while _TRACERS:
        _TRACERS.pop().wait(timeout=10)


def counted(topo: Topo, *argv: str) -> dict[str, int]:
    """How often the command makes each of the calls, in the thread that makes it most."""
    log = topo.folder / "strace"
    done = topo.run(*argv, during=_attached("-o", str(log), "-e", f"trace={','.join(CALLS)}"))
    _end()
    assert not done.code, done
    threads: dict[str, Counter[str]] = defaultdict(Counter)
    for line in log.read_text().splitlines():
        if found := re.match(r"(\d+) +(\w+)\(", line):
            threads[found[1]][found[2]] += 1
    return {call: max(thread[call] for thread in threads.values()) for call in CALLS}


def killed(topo: Topo, call: str, number: int, *argv: str) -> bool:
    """Runs the command; SIGKILL comes when it makes the call for the `number`th time, and that call is not made."""
    return _signalled(topo, call, number, "SIGKILL", *argv).code == -9


def interrupted(topo: Topo, call: str, number: int, *argv: str) -> Done:
    """The same with SIGINT: what Ctrl-C sends."""
    return _signalled(topo, call, number, "SIGINT", *argv)


def _signalled(topo: Topo, call: str, number: int, signal: str, *argv: str) -> Done:
    inject = ("-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal={signal}:when={number}")
    done = topo.run(*argv, during=_attached(*inject))
    _end()
    return done


def at(topo: Topo, point: str, number: int, *argv: str) -> bool:
    """Runs the command; it kills itself just before the `number`th point of that kind (points.py). False: it has fewer."""
    done = topo.run(*argv, kill=(point, number))
    assert done.code in (0, -9), done
    return done.code == -9


def points(topo: Topo, *argv: str) -> dict[str, int]:
    """How many points of each kind the command has."""
    done = topo.run(*argv, kill=("", 0))
    assert not done.code, done
    said: dict[str, int] = json.loads(Path(f"{done.files}.points").read_text())["points"]
    return said


def counted_by_both(topo: Topo, *argv: str) -> tuple[dict[str, int], dict[str, int]]:
    """How often the command makes each call: what it counts itself (points.py), and what strace saw of the same run."""
    log = topo.folder / "strace"
    done = topo.run(*argv, during=_attached("-o", str(log), "-e", f"trace={','.join(CALLS)}"), kill=("", 0))
    _end()
    assert not done.code, done
    seen = Counter(found[1] for line in log.read_text().splitlines() if (found := re.match(r"\d+ +(\w+)\(", line)))
    return json.loads(Path(f"{done.files}.points").read_text())["calls"], seen
