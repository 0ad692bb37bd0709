"""Pieces of work -> their results, by two processes, each of which takes the next piece until there is none."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from struct import Struct
from typing import Any, Generic, NoReturn, Self, TypeVar

import msgspec

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_NUMBER = Struct("=H")
"""Of a piece. A pipe holds 32,768 of them."""
_ROOM = 1 << 20
"""Bytes: the most that a pipe may hold without privileges (pipe(7)); results of a thousand namespaces are as long."""

_ENDINGS = (signal.SIGINT, signal.SIGTERM)


def can_share() -> bool:
    """Whether a second process is of use (there is a processor for it), and safe: one that other threads run in may be in the
    middle of anything when it is copied (fork(2))."""
    return len(os.sched_getaffinity(0)) > 1 and threading.active_count() == 1


def shared(
    pieces: Sequence[Piece], here: Callable[[Piece], Result], elsewhere: Callable[[Piece], Result], kind: Any
) -> list[Result]:
    """The result of each piece, in their order.

    here: what this process does with a piece; elsewhere: what the other one does, with a copy of all that this one has, but for
    what is open: that they share. kind: the type of a result, which msgspec carries from the one to the other.
    What the other process cannot do, for whatever reason, this one does, and meets the reason itself.
    """
    with Other(pieces, elsewhere) as other:
        return other.share(here, kind)


class Other(Generic[Piece, Result]):
    """The second process, as long as the context lasts: it begins with the pieces at once. It never outlives that: it waits for
    nothing but this one."""

    def __init__(self, pieces: Sequence[Piece], do: Callable[[Piece], Result]) -> None:
        self._pieces = pieces
        self._numbers, numbers = os.pipe2(os.O_CLOEXEC)
        os.write(numbers, b"".join(map(_NUMBER.pack, range(len(pieces)))))
        os.close(numbers)
        self._results, results = os.pipe2(os.O_CLOEXEC)
        with suppress(OSError):  # it need not wait for this process to read
            fcntl.fcntl(results, fcntl.F_SETPIPE_SZ, _ROOM)
        self._pid = _forked()
        if self._pid == 0:
            self._work(pieces, do, results)
        os.close(results)

    def share(self, here: Callable[[Piece], Result], kind: Any) -> list[Result]:
        """This process takes its part, from now on: see `shared`. Once."""
        pieces = self._pieces
        results = {number: here(pieces[number]) for number in iter(self._next_piece, None)}
        results |= self._results_of(kind)
        return [results[number] if number in results else here(piece) for number, piece in enumerate(pieces)]

    def _next_piece(self) -> int | None:
        """The number of a piece that nobody has taken yet: a read of a pipe takes it away for both."""
        number = os.read(self._numbers, _NUMBER.size)
        return int(_NUMBER.unpack(number)[0]) if number else None

    def _results_of(self, kind: Any) -> dict[int, Any]:
        """Number of the piece -> its result, of all that it took; of none if it came to grief."""
        with open(os.dup(self._results), "rb") as pipe, suppress(msgspec.DecodeError):
            found: dict[int, Any] = msgspec.msgpack.decode(pipe.read(), type=dict[int, kind])
            return found
        return {}

    def _work(self, pieces: Sequence[Piece], do: Callable[[Piece], Result], pipe: int) -> NoReturn:
        with suppress(BaseException):
            os.close(self._results)  # or it would write to itself, for ever, when the first process is killed
            results = {number: do(pieces[number]) for number in iter(self._next_piece, None)}
            with open(pipe, "wb") as file:
                file.write(msgspec.msgpack.encode(results))
        os._exit(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        os.close(self._numbers)
        os.close(self._results)
        if self._pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            with suppress(ChildProcessError):  # somebody else waits for all children
                os.waitpid(self._pid, 0)


def _forked() -> int | None:
    """See fork(2); None where there may be no further process. What ends a command ends the new one at once, and in silence:
    until that is so, it waits."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    try:
        pid = os.fork()
        if pid == 0:
            for number in _ENDINGS:
                signal.signal(number, signal.SIG_DFL)
        return pid
    except OSError:
        return None
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
