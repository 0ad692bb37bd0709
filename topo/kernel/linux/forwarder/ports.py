"""Port: what is published, and the way into the container that serves it."""

from __future__ import annotations

import os
import socket

from . import system

NAME = "topo-forwarder"
"""What the process is called that serves them (/proc/PID/comm)."""

Key = tuple[str, int, str]
"""(protocol, port, addresses of the host, with commas)."""

LOOPBACK = "127.0.0.1,::1"
"""The addresses of a port that names none. A host without IPv6 has one of them."""


class Port:
    """`words` are what asks for it: protocol, port, addresses; the container's namespace, its address, its port; the owner."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words
        protocol, port, addresses, self.namespace, self.address, target, _ = words
        self.key: Key = (protocol, int(port), addresses)
        self.target = int(target)

    @property
    def addresses(self) -> list[str]:
        """Of the host, one by one."""
        return self.key[2].split(",")

    def overlaps(self, other: Port) -> bool:
        """Whether the two cannot be served together, and are not the same."""
        mine, theirs = set(self.addresses), set(other.addresses)
        return self.key != other.key and self.key[:2] == other.key[:2] and (bool(mine & theirs) or _wide(mine, theirs))

    def listen(self) -> list[socket.socket]:
        """The sockets, in the host's namespace. Raises OSError."""
        made: list[socket.socket] = []
        try:
            for address in self.addresses:
                made += self._listening(address)
        except OSError:
            for one in made:
                one.close()
            raise
        return made

    def _listening(self, address: str) -> list[socket.socket]:
        try:
            return [listening(self.key[0], address, self.key[1])]
        except OSError as error:
            if self.key[2] == LOOPBACK and address == "::1" and no_ipv6(error):
                return []
            raise


def listening(protocol: str, address: str, port: int) -> socket.socket:
    """A socket that is bound, not blocking. Raises OSError."""
    stream = protocol == "tcp"
    one = socket.socket(family(address), socket.SOCK_STREAM if stream else socket.SOCK_DGRAM)
    try:
        one.setblocking(False)
        if ":" in address:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if stream:
            # Connections of an earlier forwarder that have ended are remembered for a minute (TIME_WAIT).
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((address, port))
    except OSError:
        one.close()
        raise
    return one


def no_ipv6(error: OSError) -> bool:
    """Whether it says that the host has no ::1."""
    from errno import EADDRNOTAVAIL, EAFNOSUPPORT

    return error.errno in (EADDRNOTAVAIL, EAFNOSUPPORT)


def family(address: str) -> socket.AddressFamily:
    """Of an address."""
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _wide(mine: set[str], theirs: set[str]) -> bool:
    """Whether one of them takes every address of a family of which the other has one."""
    for every, mark in (("0.0.0.0", "."), ("::", ":")):
        for some, others in ((mine, theirs), (theirs, mine)):
            if every in some and any(mark in one for one in others):
                return True
    return False


class Way:
    """Into the containers: sockets belong to the namespace in which the thread is that makes them.

    The pin is opened by its name each time: who replaces a container is found, and no namespace is held.
    """

    def __init__(self, pins: str) -> None:
        self._pins = pins
        self._home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)

    def inode(self, namespace: str) -> int:
        """The kernel's number of a namespace; 0 when there is none of this name."""
        try:
            return os.stat(f"{self._pins}/{namespace}").st_ino
        except OSError:
            return 0

    def socket(self, port: Port, kind: socket.SocketKind) -> tuple[socket.socket, int]:
        """A socket in the container, not blocking, and the number of its namespace. Raises OSError."""
        fd = os.open(f"{self._pins}/{port.namespace}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            system.setns(fd)
            try:
                made = socket.socket(family(port.address), kind)
            finally:
                system.setns(self._home)
            made.setblocking(False)
            return made, os.fstat(fd).st_ino
        finally:
            os.close(fd)
