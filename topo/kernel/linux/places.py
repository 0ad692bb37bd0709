"""Places: the namespaces that one piece of work has open, each once; closed together at its end."""

from __future__ import annotations

import os
import resource
from collections.abc import Sequence
from typing import Self

from topo.kernel.linux import namespaces, pins
from topo.kernel.linux.indexes import Indexes
from topo.kernel.linux.links import Link
from topo.kernel.linux.place import Place

_EACH, _SPARE = 2, 24
"""File descriptors: of a place (the namespace, and a socket in it), and of all else."""
_MOST = 10_000
"""Places that are open at once, where the machine allows that: each takes some memory of the kernel's."""


class Places:
    """`known` outlives it: namespace -> what is known of its interfaces."""

    def __init__(self, lab: str, known: dict[str | None, Indexes]) -> None:
        self.lab = lab
        self._known = known
        self._open: dict[str | None, Place] = {}
        self._own = pins.own_inode()
        self._most = _allowed(resource.getrlimit(resource.RLIMIT_NOFILE)[0])

    def __call__(self, name: str | None, inode: int | None = None) -> Place:
        """The namespace; None is the host's. Raises OSError when it is not there, or may not be opened.

        inode: what namespaces.inodes has just said of it. A place that was opened before may be of another one by now.
        """
        place = self._open.get(name)
        if place is not None and inode is not None and inode != place.inode:
            self.let_go(place.name)
            place = None
        if place is None:
            place = self._open[name] = self._opened(name, inode)
        return place

    def _opened(self, name: str | None, inode: int | None) -> Place:
        fd = os.open(pins.OWN, os.O_RDONLY | os.O_CLOEXEC) if name is None else namespaces.open(name, self._own, inode)
        return self._place(name, fd)

    def _place(self, name: str | None, fd: int) -> Place:
        return Place(name, self.lab, fd, self._indexes(name), self)

    def _indexes(self, name: str | None) -> Indexes:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = Indexes()
        return known

    def copy(self) -> Places:
        """For another process: nothing is open, and what is known is known."""
        return Places(self.lab, self._known)

    def adopt(self, name: str, fd: int) -> None:
        """The calling thread is in a namespace that topo has just made, which `fd` refers to: it has its socket at no cost. In
        it is `lo` and nothing else; where that is wrong (fallback tunnels) the kernel says EBUSY."""
        self._known[name] = Indexes.fresh()
        if self.many:
            os.close(fd)
        else:
            place = self._open[name] = self._place(name, fd)
            place.connect(inside=True)

    def learn(self, name: str, seen: Sequence[Link]) -> None:
        """The interfaces of a namespace were read."""
        self._indexes(name).learn(seen)

    def forget(self) -> None:
        """What is known of interfaces proved wrong, or may be: it is read again before it is used."""
        for indexes in self._known.values():
            indexes.forget()

    def room(self, wanted: int) -> int:
        """How many of so many can be opened together: at least one, and all after some rounds of this and `many`."""
        return max(1, min(wanted, self._most - len(self._open))) if not self.many else 1

    @property
    def many(self) -> bool:
        """Whether it is time to close those that are not needed any more. Before that, the process is given more file
        descriptors, up to its hard limit: it has 1024 by default (getrlimit(2)), and a lab may have more containers."""
        if len(self._open) < self._most:
            return False
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self._most = _allowed(hard)
        return len(self._open) >= self._most

    def let_go(self, name: str | None) -> None:
        """Closes one: it is about to end, or to be another one, of which nothing is known."""
        self._known.pop(name, None)
        place = self._open.pop(name, None)
        if place is not None:
            place.close()

    def close(self, keep: Place | None = None) -> None:
        """Closes all but one."""
        for name, place in list(self._open.items()):
            if place is not keep:
                del self._open[name]
                place.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _allowed(descriptors: int) -> int:
    """How many places may be open with so many file descriptors, of which -1 says that there is no limit."""
    return min((descriptors - _SPARE) // _EACH, _MOST) if descriptors != resource.RLIM_INFINITY else _MOST
