"""A process -> the same one that counts what it is about to ask of the kernel, and kills itself before the Nth time.

Installed in a fork that is about to become `topo`. strace does the same from outside, ten times slower: test_killed.py compares.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

POINTS = ("message", "mount", "file")
"""Netlink messages (those that go out in one send, one by one); mounts, unmounts and new namespaces; files and folders below
/run and /proc that are made, written, renamed or deleted."""

_FILES = {"os.mkdir": "mkdir", "os.rename": "rename", "os.remove": "unlink", "os.rmdir": "rmdir"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Points:
    """Dies at the `number`th of the kind `point`; at none of them if `number` is 0. calls: how often each call was made."""

    def __init__(self, point: str, number: int) -> None:
        self._point, self._number = point, number
        self._count: Counter[str] = Counter()
        self._calls: Counter[str] = Counter()
        self._lock = threading.Lock()

    def install(self) -> None:
        """From now on, for good."""
        from topo.kernel.linux import syscalls

        for name in ("send", "sendto", "sendmsg", "sendall"):
            setattr(socket.socket, name, self._sending(getattr(socket.socket, name)))
        for name in ("mount", "umount", "unshare"):
            setattr(syscalls, name, self._calling(name, getattr(syscalls, name)))
        sys.addaudithook(self._heard)

    def say(self, file: str) -> None:
        """Writes {"points", "calls"}."""
        Path(file).write_text(json.dumps({"points": self._count, "calls": self._calls}))

    def _passed(self, point: str, call: str = "") -> bool:
        """Whether this one is the last."""
        with self._lock:
            self._calls[call] += bool(call)
            self._count[point] += 1
            return point == self._point and self._count[point] == self._number

    def _sending(self, send: Callable[..., Any]) -> Callable[..., Any]:
        def sent(sock: socket.socket, data: Any, *more: Any) -> Any:
            whole = data if isinstance(data, bytes | bytearray) else b"".join(data)
            # A transaction of nftables is one: the kernel does nothing before its end.
            route = sock.family == socket.AF_NETLINK and sock.proto == socket.NETLINK_ROUTE
            for number, at in enumerate(_messages(whole) if route else [0]):
                if self._passed("message", "" if number else "send"):
                    if at:
                        send(sock, whole[:at])
                    _die()
            return send(sock, data, *more)

        return sent

    def _calling(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **named: Any) -> Any:
            if self._passed("mount", name):
                _die()
            return call(*arguments, **named)

        return called

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and arguments[2] & _WRITING
        ours = (writes or event in _FILES) and str(arguments[0]).startswith(("/run/", "/proc/"))
        if ours and self._passed("file", _FILES.get(event, "")):
            _die()


def _messages(data: bytes | bytearray) -> list[int]:
    """Where each rtnetlink message begins."""
    starts, at = [], 0
    while at < len(data):
        starts.append(at)
        at += (int.from_bytes(data[at : at + 4], sys.byteorder) + 3) & ~3
    return starts


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()
