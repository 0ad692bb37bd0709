"""Namespaces -> the processes in them: found and ended."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress

from topo.kernel.linux import pins

_PASSES_IN = 0.02
"""Seconds after which who only looks into a namespace has gone on: another topo that reads the lab, which takes no lock."""
_KILLED_IN = 5.0
"""Seconds after SIGKILL in which even a process that dumps its core or waits for a disk ends."""


def inside(names: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
    """namespace -> ids of the processes in it, the calling one left out; namespaces without one are not in it, and what is
    no lab's (see pins.inode) has none.

    Those are processes whose first thread is there: daemons that enter namespaces with one of their threads are not of the lab.
    """
    found: dict[str, list[int]] = {}
    by_link = dict(_links(names))
    if by_link:
        for pid in _pids():
            name = by_link.get(_link(pid))
            if name:
                found.setdefault(name, []).append(pid)
    return {name: tuple(sorted(pids)) for name, pids in sorted(found.items())}


def end(names: Iterable[str], grace: float) -> tuple[int, ...]:
    """Ends the processes in these namespaces: SIGTERM, and SIGKILL for what is there `grace` seconds later.

    Outputs the ids of those that even so do not end (they wait for hardware, or are not ours to signal).
    """
    names = tuple(names)
    deadline = time.monotonic() + grace
    left = _signal(names, (signal.SIGTERM, signal.SIGCONT), deadline)
    if not left:
        return ()
    # What is killed may have had children that nobody signalled: look again, until there are none.
    deadline = time.monotonic() + _KILLED_IN
    while left and time.monotonic() < deadline:
        left = _signal(names, (signal.SIGKILL,), min(deadline, time.monotonic() + 0.5))
    return left


def _signal(names: tuple[str, ...], signals: tuple[signal.Signals, ...], deadline: float) -> tuple[int, ...]:
    """Sends the signals to all processes in the namespaces, waits for their end, and outputs who is there then."""
    links = {name: link for link, name in _links(names)}
    found = [(pid, links.get(name, "")) for name, pids in inside(names).items() for pid in pids]
    if found:
        time.sleep(_PASSES_IN)
    handles = [handle for pid, link in found if (handle := _handle(pid, link)) is not None]
    try:
        for handle in handles:
            for number in signals:
                with suppress(ProcessLookupError, PermissionError):
                    signal.pidfd_send_signal(handle, number)
        _wait(handles, deadline)
    finally:
        for handle in handles:
            os.close(handle)
    return tuple(pid for pids in inside(names).values() for pid in pids) if handles else ()


def _handle(pid: int, link: str) -> int | None:
    """A pidfd of the process, if it is still in the namespace: it may have gone on, or its number to another one."""
    try:
        handle = os.pidfd_open(pid)
    except OSError:
        return None
    if _link(pid) == link:
        return handle
    os.close(handle)
    return None


def _wait(handles: Iterable[int], deadline: float) -> None:
    """Waits until all processes have ended, or until the deadline. A pidfd is readable when its process has ended."""
    poll = select.poll()
    running = set(handles)
    for handle in running:
        poll.register(handle, select.POLLIN)
    while running and (rest := deadline - time.monotonic()) > 0:
        for handle, _ in poll.poll(rest * 1000):
            poll.unregister(handle)
            running.discard(handle)


def _links(names: Iterable[str]) -> Iterable[tuple[str, str]]:
    """(what /proc/PID/ns/net says, the namespace's name)."""
    for name in names:
        if (inode := pins.inode(name)) is not None:
            yield f"net:[{inode}]", name


def _pids() -> Iterable[int]:
    own = os.getpid()
    return (pid for entry in os.listdir("/proc") if entry.isdecimal() and (pid := int(entry)) != own)


def _link(pid: int) -> str:
    # A zombie has left its namespaces: its link does not resolve.
    try:
        return os.readlink(f"/proc/{pid}/ns/net")
    except OSError:
        return ""
