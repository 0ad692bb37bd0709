"""A setting below /proc, of one namespace after the other of a thousand -> written, without a search that grows with each."""

from __future__ import annotations

import os
import threading

from topo.kernel.linux import syscalls

_PROC = "/proc/"
_SOME = 50
"""So many namespaces are written to by way of one /proc."""


class Proc(threading.local):
    """An instance of procfs keeps an entry for each namespace in which a setting was looked up, all of them under one name
    (proc_sys_compare): the thousandth namespace is found behind 999 others, which takes longer than to make it. So every
    fifty namespaces topo takes an instance of its own, which nobody sees, and which goes when it is closed. Each thread has one.
    """

    def __init__(self) -> None:
        self._used = 0
        self._own: int | None = None
        self._refused = False

    def turn(self) -> None:
        """The calling thread is in another namespace than before."""
        self._used += 1
        if self._used % _SOME == 0 and not self._refused:
            self.close()
            try:
                self._own = syscalls.another("proc")
            except OSError:  # not allowed in this container, or before Linux 5.8: it only takes longer
                self._refused = True

    def write(self, path: str, value: bytes) -> None:
        """Writes a setting of the namespace in which the calling thread is. Raises OSError as open(2) and write(2) do."""
        flags = os.O_WRONLY | os.O_CLOEXEC
        ours = self._own is not None and path.startswith(_PROC)
        fd = os.open(path.removeprefix(_PROC), flags, dir_fd=self._own) if ours else os.open(path, flags)
        try:
            os.write(fd, value)
        finally:
            os.close(fd)

    def close(self) -> None:
        """Lets go of the instance, with all that it kept."""
        own, self._own = self._own, None
        if own is not None:
            os.close(own)
