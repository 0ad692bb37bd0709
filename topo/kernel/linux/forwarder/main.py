"""The forwarder of one lab: started by topo, found by its socket in the lab's folder, ended with the lab."""

from __future__ import annotations

import _thread
import os
import resource
import signal
import socket

from .control import Control
from .loop import IN, Loop
from .ports import NAME, Way
from .system import watched
from .table import Table

STARTER = 3
"""The descriptor by which who starts it speaks to it: when that is closed and nothing is served, it ends."""
_EVENTS = 65536
_PAUSE = 2.0
"""Seconds between two looks at whether the lab is still there, for one that nobody tells."""


def main(path: str, pins: str, fabric: str) -> None:
    """path: of its socket. pins: the folder of namespaces; fabric: the name of the lab's there.

    The first thread stays in the host's namespace and does nothing: by it one sees where a process is. The other one works.
    """
    if os.fork():
        os._exit(0)  # nobody waits for it: it is the child of process 1
    os.closerange(STARTER + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[1])  # what a shell has left open, a lock perhaps
    os.setsid()
    os.chdir("/")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with open("/proc/self/comm", "w") as comm:
        comm.write(NAME)
    _thread.stack_size(262144)
    _thread.start_new_thread(_work, (path, pins, fabric))
    while True:
        signal.pause()


def _work(path: str, pins: str, fabric: str) -> None:
    try:
        _serve(path, pins, fabric)
    finally:
        os._exit(0)


def _serve(path: str, pins: str, fabric: str) -> None:
    loop, way = Loop(), Way(pins)
    table = Table(loop, way)
    control = Control(loop, table, path)
    control.hear(socket.socket(fileno=STARTER))
    gone, there = _gone(path, pins), True

    def look() -> None:
        """Something was taken away. A lab that is taken apart by hand has no fabric any more, or no folder."""
        nonlocal there
        if gone is not None:
            os.read(gone, _EVENTS)
        table.drop_gone()
        there = control.there and way.inode(fabric) > 0

    if gone is not None:
        loop.want(gone, IN, look)
    while there and not (table.idle and control.idle):
        rest = table.expire()
        loop.turn(rest if gone is not None else min(rest or _PAUSE, _PAUSE))
        if gone is None:
            look()
    control.close()


def _gone(path: str, pins: str) -> int | None:
    """A descriptor that tells when something is taken away; None where a user has as many of that kind as he may
    (fs.inotify.max_user_instances, 128), which all daemons of root share."""
    try:
        return watched(os.path.dirname(path), pins)
    except OSError:
        return None
