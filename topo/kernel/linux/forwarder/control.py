"""What topo says to the forwarder of a lab, a line a request, words apart by tabs -> a line of answer, or several.

add WORDS...                  ok, or: error ERRNO WHAT
remove PROTOCOL PORT HOSTS    ok, or: error ERRNO WHAT
list                          a line for each port, then: ok
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from errno import EINVAL, EMFILE, ENFILE, ENOENT

from .loop import IN, Loop
from .ports import Port
from .table import Table

_PATIENCE = 2.0
"""Seconds in which who asks must take the answer."""
_PIECE = 65536


class Control:
    """The socket by which it is found, and who speaks to it. `path` is the socket's, in the lab's folder."""

    def __init__(self, loop: Loop, table: Table, path: str) -> None:
        self._loop, self._table, self.path = loop, table, path
        self._talking: dict[int, bytes] = {}
        self._spare: int | None = None
        self._save()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with suppress(FileNotFoundError):
            os.unlink(path)  # of one that was killed
        os.umask(0o077)
        self._listener.bind(path)
        self._listener.listen(socket.SOMAXCONN)  # while it is stopped, who asks must be told so, and not wait for a place
        self._listener.setblocking(False)
        self._inode = os.lstat(path).st_ino
        loop.want(self._listener.fileno(), IN, self._accept)

    @property
    def idle(self) -> bool:
        """Whether nobody speaks to it."""
        return not self._talking

    @property
    def there(self) -> bool:
        """Whether it can be found."""
        try:
            return os.lstat(self.path).st_ino == self._inode
        except OSError:
            return False

    def close(self) -> None:
        """It is not to be found any more."""
        if self.there:
            os.unlink(self.path)

    def hear(self, one: socket.socket) -> None:
        """Listens to one more."""
        one.settimeout(_PATIENCE)
        self._talking[one.fileno()] = b""
        self._loop.want(one.fileno(), IN, lambda: self._read(one))

    def _save(self) -> None:
        """Keeps a descriptor for who asks when clients have taken all others; left waiting, epoll would tell of him for ever."""
        if self._spare is None:
            with suppress(OSError):
                self._spare = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)

    def _accept(self) -> None:
        try:
            self.hear(self._listener.accept()[0])
        except OSError as error:
            if error.errno in (EMFILE, ENFILE) and self._spare is not None:
                os.close(self._spare)
                self._spare = None
                with suppress(OSError):
                    self.hear(self._listener.accept()[0])

    def _read(self, one: socket.socket) -> None:
        try:
            data = one.recv(_PIECE)
            *lines, rest = (self._talking[one.fileno()] + data).split(b"\n")
            self._talking[one.fileno()] = rest
            answer = "".join(self._answer(line.decode(errors="replace").split("\t")) for line in lines)
            one.sendall(answer.encode())
        except OSError:
            data = b""
        if not data:
            self._loop.forget(one.fileno())
            del self._talking[one.fileno()]
            one.close()
            self._save()

    def _answer(self, words: list[str]) -> str:
        try:
            return "".join("\t".join(line) + "\n" for line in self._done(*words)) + "ok\n"
        except OSError as error:
            return f"error\t{error.errno}\t{error.strerror}\n"
        except (TypeError, ValueError, OverflowError):
            return f"error\t{EINVAL}\tnot understood\n"

    def _done(self, verb: str, *words: str) -> list[tuple[str, ...]]:
        if verb == "add":
            self._table.add(Port(words))
        elif verb == "remove":
            protocol, port, hosts = words
            if not self._table.remove((protocol, int(port), hosts)):
                raise OSError(ENOENT, os.strerror(ENOENT))
        elif verb == "list":
            return self._table.words
        else:
            raise ValueError(verb)
        return []
