"""Place: one opened network namespace, a socket in it, and what is known of its interfaces."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Protocol, Self

from topo.kernel.linux import links, syscalls
from topo.kernel.linux.indexes import Indexes
from topo.kernel.linux.links import Link
from topo.kernel.linux.pins import OWN
from topo.kernel.linux.sockets import RouteSocket


class Others(Protocol):
    """The way from a place to others of the same piece of work: see Places."""

    def __call__(self, name: str) -> Place: ...
    def adopt(self, name: str, fd: int) -> None: ...
    def let_go(self, name: str) -> None: ...


class _Nobody:
    """The others of a place that stands alone."""

    def __call__(self, name: str) -> Place:
        raise LookupError(f"no way to {name} from here")

    def adopt(self, name: str, fd: int) -> None:  # noqa: ARG002
        os.close(fd)

    def let_go(self, name: str) -> None: ...


class Place:
    """`name` is None for the host's namespace. `fd` is open as long as the place is; `lab` is the lab that is worked on.

    `others` opens another namespace of the lab, for what stands in two. A place is closed by `close`, or as a context.
    """

    def __init__(self, name: str | None, lab: str, fd: int, indexes: Indexes | None = None, others: Others | None = None) -> None:
        self.name = name
        self.lab = lab
        self.fd = fd
        self.other: Others = others or _Nobody()
        self._indexes = Indexes() if indexes is None else indexes
        self._socket: RouteSocket | None = None
        self._inside = False
        self._later: dict[object, Callable[[], None]] = {}

    @property
    def inode(self) -> int:
        """The kernel's number of the namespace."""
        return os.fstat(self.fd).st_ino

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Puts the calling thread into the namespace, and back, whatever happens. Nested in itself it does nothing."""
        if self._inside:
            yield
            return
        home = os.open(OWN, os.O_RDONLY | os.O_CLOEXEC)
        try:
            syscalls.setns(self.fd, syscalls.CLONE_NEWNET)
            self._inside = True
            try:
                yield
            finally:
                self._inside = False
                syscalls.setns(home, syscalls.CLONE_NEWNET)
        finally:
            os.close(home)

    def later(self, what: object, work: Callable[[], None]) -> None:
        """Work for the moment when the messages that are being encoded have been sent; `what` tells it from other work."""
        self._later[what] = work

    @property
    def left(self) -> Collection[object]:
        """What is left for then."""
        return self._later.keys()

    def sent(self) -> None:
        """They have been: does what was left for then, the last first."""
        while self._later:
            self._later.popitem()[1]()

    @property
    def socket(self) -> RouteSocket:
        """An rtnetlink socket that belongs to the namespace, wherever the thread is."""
        if self._socket is None:
            with self.entered():
                self._socket = RouteSocket()
        return self._socket

    def connect(self, *, inside: bool = False) -> None:
        """Makes that socket, and leaves the calling thread in the namespace: for who makes many, and goes home then.
        inside: it is there already."""
        if self._socket is None:
            if not inside:
                syscalls.setns(self.fd, syscalls.CLONE_NEWNET)
            self._socket = RouteSocket()

    def touched(self) -> None:
        """A setting of the namespace is changed: what comes to be in it may be otherwise than in a new one."""
        self._indexes.new = False

    @property
    def indexes(self) -> Indexes:
        """What is known of the interfaces; read from the kernel when nothing is."""
        if not self._indexes.known:
            self.links()
        self._indexes.settle()
        return self._indexes

    def links(self) -> list[Link]:
        """All interfaces, as the kernel says them now."""
        seen = links.dump(self.socket, str(self.name))
        self._indexes.learn(seen)
        return seen

    def index(self, interface: str) -> int:
        """The index of an interface. Raises OSError (ENODEV) when there is none of this name."""
        indexes = self.indexes
        try:
            return indexes[interface]
        except KeyError:
            indexes.add(interface, links.find(self.socket, interface))
            return indexes[interface]

    def close(self) -> None:
        """Lets go of the namespace."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        os.close(self.fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
