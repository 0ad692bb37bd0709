"""TCP: each connection of a client -> one to the container, and what comes from the one goes to the other (splice(2))."""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Callable
from contextlib import suppress

from .loop import IN, OUT, Loop
from .ports import Port, Way

_FLAGS = os.SPLICE_F_MOVE | os.SPLICE_F_NONBLOCK
_PIECE = 1 << 20
_ROUNDS = 16
"""Pieces that go in one turn: others have theirs."""
_SPARE_PIPES = 16
_ABORT = struct.pack("ii", 1, 0)
_FULL = (errno.EMFILE, errno.ENFILE)

Pipe = tuple[int, int]


class Pipes:
    """A direction has one while something is in it: a thousand idle connections have none."""

    def __init__(self) -> None:
        self._free: list[Pipe] = []

    def take(self) -> Pipe:
        return self._free.pop() if self._free else os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)

    def give(self, pipe: Pipe, held: int) -> None:
        """held: what is left in it, for nobody any more."""
        if held or len(self._free) >= _SPARE_PIPES:
            for fd in pipe:
                os.close(fd)
        else:
            self._free.append(pipe)


class Half:
    """One direction of a connection. When its source has ended and all is sent, so has its sink (a half-close)."""

    def __init__(self, pipes: Pipes, source: socket.socket, sink: socket.socket) -> None:
        self._pipes, self._source, self._sink = pipes, source, sink
        self._pipe: Pipe | None = None
        self.held = 0
        self.ended = False

    def move(self) -> None:
        """As much as goes. Raises OSError when one of the two is broken."""
        if self.ended:
            return
        if self._pipe is None:
            self._pipe = self._pipes.take()
        with suppress(BlockingIOError):
            self._move(*self._pipe)
        if not self.held:
            self.release()

    def _move(self, out: int, into: int) -> None:
        for _ in range(_ROUNDS):
            if not self.held:
                self.held = os.splice(self._source.fileno(), into, _PIECE, flags=_FLAGS)
                if not self.held:
                    self.ended = True
                    self._sink.shutdown(socket.SHUT_WR)
                    return
            while self.held:
                self.held -= os.splice(out, self._sink.fileno(), self.held, flags=_FLAGS)

    def release(self) -> None:
        """Lets go of its pipe."""
        if self._pipe is not None:
            self._pipes.give(self._pipe, self.held)
            self._pipe = None


class Stream:
    """A client, and the container: two sockets, two directions. `namespace`, `inode`: of the container."""

    def __init__(self, streams: Streams, client: socket.socket, server: socket.socket, port: Port, inode: int) -> None:
        self._streams, self._client, self._server = streams, client, server
        self.namespace, self.inode = port.namespace, inode
        self._there, self._back = (Half(streams.pipes, source, sink) for source, sink in ((client, server), (server, client)))
        for one in (client, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def connect(self, address: str, port: int) -> None:
        """Raises OSError where the container says no at once, as it mostly does."""
        number = self._server.connect_ex((address, port))
        if number == errno.EINPROGRESS:
            self._streams.loop.want(self._server.fileno(), OUT, self._connected)
        elif number:
            raise OSError(number, os.strerror(number))
        else:
            self._relay()

    def _connected(self) -> None:
        if self._server.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self.end(abort=True)
        else:
            self._relay()

    def _relay(self) -> None:
        try:
            self._there.move()
            self._back.move()
        except OSError:
            self.end(abort=True)
            return
        if self._there.ended and self._back.ended:
            self.end()
            return
        self._want(self._client, self._there, self._back)
        self._want(self._server, self._back, self._there)

    def _want(self, one: socket.socket, from_it: Half, to_it: Half) -> None:
        """Nothing is read from who talks faster than the other one listens."""
        reads = 0 if from_it.ended or from_it.held else IN
        self._streams.loop.want(one.fileno(), reads | (OUT if to_it.held else 0), self._relay)

    def end(self, *, abort: bool = False) -> None:
        """Closes both. abort: so that each sees that it is no usual end."""
        self._streams.all.discard(self)
        for half in (self._there, self._back):
            half.release()
        for one in (self._client, self._server):
            self._streams.loop.forget(one.fileno())
            if abort:
                reset(one)
            one.close()


def reset(one: socket.socket) -> None:
    """Its end is to be a RST (SO_LINGER of socket(7), with no time)."""
    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)


class Streams:
    """All connections; `all` outlive the port that they came in by."""

    def __init__(self, loop: Loop, way: Way) -> None:
        self.loop, self.pipes = loop, Pipes()
        self.all: set[Stream] = set()
        self._way = way
        self._spare = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)

    def listen(self, listener: socket.socket, port: Callable[[], Port]) -> None:
        """Takes connections from now on. `port` says where they go by then. Raises OSError."""
        listener.listen(socket.SOMAXCONN)
        self.loop.want(listener.fileno(), IN, lambda: self._accept(listener, port()))

    def _accept(self, listener: socket.socket, port: Port) -> None:
        for _ in range(_ROUNDS):
            try:
                client, _ = listener.accept()
            except OSError as error:
                if error.errno in _FULL:
                    self._refuse(listener)
                return  # nobody more, or one that has gone again
            client.setblocking(False)
            self._forward(client, port)

    def _refuse(self, listener: socket.socket) -> None:
        """There is no descriptor for who waits; left waiting, epoll would tell of it for ever."""
        os.close(self._spare)
        with suppress(OSError):
            listener.accept()[0].close()
        self._spare = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)

    def _forward(self, client: socket.socket, port: Port) -> None:
        try:
            server, inode = self._way.socket(port, socket.SOCK_STREAM)
        except OSError:
            reset(client)
            client.close()
            return
        stream = Stream(self, client, server, port, inode)
        self.all.add(stream)
        try:
            stream.connect(port.address, port.target)
        except OSError:
            stream.end(abort=True)

    def drop_gone(self) -> None:
        """Ends those into a namespace that is gone: their sockets would hold what is left of it."""
        for stream in [one for one in self.all if self._way.inode(one.namespace) != one.inode]:
            stream.end(abort=True)
