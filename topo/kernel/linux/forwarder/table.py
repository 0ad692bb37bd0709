"""The ports that are served: added, changed, removed, while connections go on."""

from __future__ import annotations

import socket

from .datagrams import Datagrams
from .loop import Loop
from .ports import Key, Port, Way
from .streams import Streams


class Table:
    """Removing a port stops listening; connections that came in by it end when they end."""

    def __init__(self, loop: Loop, way: Way) -> None:
        self._loop = loop
        self._streams, self._datagrams = Streams(loop, way), Datagrams(loop, way)
        self._ports: dict[Key, Port] = {}
        self._sockets: dict[Key, list[socket.socket]] = {}

    @property
    def idle(self) -> bool:
        """Whether nothing is served, and nobody connected."""
        return not self._ports and not self._streams.all

    @property
    def words(self) -> list[tuple[str, ...]]:
        """Of every port, those that asked for it."""
        return [port.words for port in self._ports.values()]

    def add(self, port: Port) -> None:
        """Serves a port; one that is served already goes elsewhere from now on. Raises OSError.

        What cannot be served beside it goes: it is about to be removed, or somebody would have refused the file.
        """
        for other in [other for other in self._ports.values() if other.overlaps(port)]:
            self.remove(other.key)
        if port.key in self._ports:
            self._change(port)
            return
        sockets = port.listen()
        key = port.key
        self._ports[key], self._sockets[key] = port, sockets
        try:
            for one in sockets:
                (self._streams if key[0] == "tcp" else self._datagrams).listen(one, lambda: self._ports[key])
        except OSError:
            self.remove(key)
            raise

    def _change(self, port: Port) -> None:
        self._ports[port.key] = port
        for one in self._sockets[port.key]:
            self._datagrams.drop(one)

    def remove(self, key: Key) -> bool:
        """Whether it was served."""
        for one in self._sockets.pop(key, ()):
            self._datagrams.drop(one)
            self._loop.forget(one.fileno())
            one.close()
        return self._ports.pop(key, None) is not None

    def expire(self) -> float | None:
        """Forgets clients of UDP that are quiet; seconds until it is time again."""
        return self._datagrams.expire()

    def drop_gone(self) -> None:
        """Ends what leads into namespaces that are gone."""
        self._streams.drop_gone()
        self._datagrams.drop_gone()
