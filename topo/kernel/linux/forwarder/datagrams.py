"""UDP: each client -> a socket in the container, for as long as the two talk, and a while longer."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from typing import Any

from .loop import IN, Loop
from .ports import Port, Way

_LARGEST = 65535
_ROUNDS = 64
_QUIET = 60.0
"""Seconds without a datagram in either direction, after which a client is forgotten."""
_MOST = 4096
"""Clients at a time: then the one that was quiet for longest is forgotten."""

_PKTINFO = 8  # IP_PKTINFO of ip(7), for which older Pythons have no word
_IPV4 = struct.Struct("=I4s4s")
_IPV6 = struct.Struct("=16sI")
_ROOM = socket.CMSG_SPACE(_IPV6.size) + socket.CMSG_SPACE(_IPV4.size)

Who = tuple[int, Any, bytes]
"""(the listening socket, the address of a client, the address of the host that it sent to)."""


class Client:
    """One that sent something, and its socket in the container."""

    def __init__(self, listener: socket.socket, address: Any, to: bytes, server: socket.socket, port: Port, inode: int) -> None:
        self.who: Who = (listener.fileno(), address, to)
        self._listener, self._address = listener, address
        self.server, self.namespace, self.inode = server, port.namespace, inode
        self.heard = 0.0
        self._from = [_source(listener, to)]

    def answer(self, data: bytes) -> None:
        """From the address to which it sent: a host has many. Raises OSError."""
        self._listener.sendmsg([data], self._from, 0, self._address)


class Datagrams:
    """All clients, who was heard last at the end."""

    def __init__(self, loop: Loop, way: Way) -> None:
        self._loop, self._way = loop, way
        self._clients: dict[Who, Client] = {}

    def listen(self, listener: socket.socket, port: Callable[[], Port]) -> None:
        """Takes datagrams from now on. `port` says where they go by then."""
        if listener.family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        else:
            listener.setsockopt(socket.IPPROTO_IP, _PKTINFO, 1)
        self._loop.want(listener.fileno(), IN, lambda: self._receive(listener, port()))

    def _receive(self, listener: socket.socket, port: Port) -> None:
        for _ in range(_ROUNDS):
            try:
                data, said, _, address = listener.recvmsg(_LARGEST, _ROOM)
            except OSError:  # nothing more
                return
            to = next((bytes(value) for _, kind, value in said if kind in (_PKTINFO, socket.IPV6_PKTINFO)), b"")
            if not to:
                continue
            try:
                client = self._clients.get((listener.fileno(), address, to)) or self._new(listener, address, to, port)
                self._heard(client)
                client.server.send(data)
            except OSError:  # as if it were lost on the way: nobody listens there, or its queue is full
                continue

    def _new(self, listener: socket.socket, address: Any, to: bytes, port: Port) -> Client:
        if len(self._clients) >= _MOST:
            self._end(next(iter(self._clients.values())))
        server, inode = self._way.socket(port, socket.SOCK_DGRAM)
        client = Client(listener, address, to, server, port, inode)
        try:
            server.connect((port.address, port.target))
        except OSError:
            server.close()
            raise
        self._loop.want(server.fileno(), IN, lambda: self._answer(client))
        return client

    def _answer(self, client: Client) -> None:
        for _ in range(_ROUNDS):
            try:
                data = client.server.recv(_LARGEST)
            except BlockingIOError:
                return
            except OSError:  # ECONNREFUSED: nobody listens there
                self._end(client)
                return
            self._heard(client)
            try:
                client.answer(data)
            except OSError:
                continue

    def _heard(self, client: Client) -> None:
        client.heard = time.monotonic()
        self._clients.pop(client.who, None)
        self._clients[client.who] = client

    def _end(self, client: Client) -> None:
        self._clients.pop(client.who, None)
        self._loop.forget(client.server.fileno())
        client.server.close()

    def expire(self) -> float | None:
        """Forgets who was quiet for too long; seconds until that may be so of another one."""
        now = time.monotonic()
        while self._clients:
            first = next(iter(self._clients.values()))
            if first.heard + _QUIET > now:
                return first.heard + _QUIET - now
            self._end(first)
        return None

    def drop(self, listener: socket.socket) -> None:
        """Forgets the clients of a port that goes, or goes elsewhere."""
        number = listener.fileno()
        for client in [one for one in self._clients.values() if one.who[0] == number]:
            self._end(client)

    def drop_gone(self) -> None:
        """Forgets those in a namespace that is gone."""
        for client in [one for one in self._clients.values() if self._way.inode(one.namespace) != one.inode]:
            self._end(client)


def _source(listener: socket.socket, info: bytes) -> tuple[int, int, bytes]:
    """What came with a datagram -> what goes with its answer: the address that it was sent to (in_pktinfo, in6_pktinfo)."""
    if listener.family == socket.AF_INET6:
        address, index = _IPV6.unpack(info)
        return socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, _IPV6.pack(address, index if address[:2] == b"\xfe\x80" else 0)
    _, address, _ = _IPV4.unpack(info)
    return socket.IPPROTO_IP, _PKTINFO, _IPV4.pack(0, address, bytes(4))
