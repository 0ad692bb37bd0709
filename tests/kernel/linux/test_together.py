"""Two processes, one list of results: whatever becomes of the second one, it is as if there were none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import msgspec
import pytest

from tests.world.waiting import wait_for
from topo.kernel.linux import together

PIECES = [f"piece {number}" for number in range(20)]
RESULTS = [(piece, len(piece)) for piece in PIECES]


class Book:
    """Which process has begun which piece: a line each, of a file that both write."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC)
        self.first = os.getpid()

    def work(self, piece: str) -> tuple[str, int]:
        """The first piece of each process lasts until the other one has begun one, too."""
        os.write(self._file, f"{os.getpid()}:{piece}\n".encode())
        wait_for(lambda: len(self.processes()) == 2, why="both processes to begin")
        return piece, len(piece)

    def lines(self) -> list[tuple[int, str]]:
        text = os.pread(self._file, 1 << 20, 0).decode()
        return [(int(pid), piece) for pid, _, piece in (line.partition(":") for line in text.splitlines())]

    def processes(self) -> set[int]:
        return {pid for pid, _ in self.lines()}

    def second(self) -> int:
        (pid,) = self.processes() - {self.first}
        return pid


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "book")


def shared(book: Book, elsewhere: Callable[[str], object]) -> list[tuple[str, int]]:
    return together.shared(PIECES, book.work, elsewhere, tuple[str, int])  # type: ignore[arg-type]


def is_alive(pid: int) -> bool:
    """Of a process that is not this one's the end is not ours to take note of: then it is a zombie."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def descriptors() -> dict[str, str]:
    folder = Path("/proc/self/fd")
    return {name: os.readlink(folder / name) for name in os.listdir(folder) if os.path.lexists(folder / name)}


def test_the_results_are_in_the_order_of_the_pieces(book: Book) -> None:
    assert shared(book, book.work) == RESULTS
    assert len(book.processes()) == 2


def test_every_piece_is_done_once_by_one_of_the_two(book: Book) -> None:
    shared(book, book.work)
    assert Counter(piece for _, piece in book.lines()) == Counter(PIECES)


def test_of_no_pieces_there_are_no_results(book: Book) -> None:
    assert together.shared([], book.work, book.work, tuple[str, int]) == []


def test_what_is_long_comes_whole(book: Book) -> None:
    """Longer than a pipe."""
    long = lambda piece: (book.work(piece)[0], 7 * b"\xff" * 100_000)  # noqa: E731
    assert together.shared(PIECES, long, long, tuple[str, bytes]) == [(piece, 7 * b"\xff" * 100_000) for piece in PIECES]


def _is_killed(book: Book, piece: str) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def _raises(book: Book, piece: str) -> NoReturn:
    raise OSError("no more")


def _is_interrupted(book: Book, piece: str) -> NoReturn:
    raise KeyboardInterrupt


def _loses_its_pipes(book: Book, piece: str) -> tuple[str, int]:
    for number in map(int, descriptors()):
        if number > 2 and number != book._file:
            with suppress(OSError):  # that of the folder itself
                os.close(number)
    return piece, len(piece)


def _says_half(book: Book, piece: str) -> tuple[str, int]:
    encode = msgspec.msgpack.encode
    msgspec.msgpack.encode = lambda results: encode(results)[:-3]  # type: ignore[method-assign, assignment, misc]
    return piece, len(piece)


def _says_something_else(book: Book, piece: str) -> str:
    return piece


@pytest.mark.parametrize("grief", [_is_killed, _raises, _is_interrupted, _loses_its_pipes, _says_half, _says_something_else])
def test_the_other_process_comes_to_grief(book: Book, grief: Callable[[Book, str], object]) -> None:
    """After it has done one piece."""

    def elsewhere(piece: str) -> object:
        begun = os.getpid() in book.processes()
        done = book.work(piece)
        return grief(book, piece) if begun or grief is _says_something_else else done

    before = descriptors()
    assert shared(book, elsewhere) == RESULTS
    assert descriptors() == before
    assert not is_alive(book.second())


def test_where_there_may_be_no_further_process_this_one_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> NoReturn:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    before = descriptors()
    assert together.shared(PIECES, len, len, int) == [len(piece) for piece in PIECES]
    assert descriptors() == before


@pytest.mark.parametrize("error", [OSError("gone"), KeyboardInterrupt()])
def test_an_error_here_is_raised_and_nothing_is_left(book: Book, error: BaseException) -> None:
    """Though the other process is in the middle of a long piece."""

    def here(piece: str) -> NoReturn:
        book.work(piece)
        raise error

    def elsewhere(piece: str) -> NoReturn:
        book.work(piece)
        threading.Event().wait(5)
        book.work("a piece was done to its end")
        os._exit(0)

    before = descriptors()
    with pytest.raises(type(error)) as raised:
        together.shared(PIECES, here, elsewhere, int)
    assert raised.value is error
    assert descriptors() == before
    assert not is_alive(book.second())
    assert len(book.lines()) == 2


def test_what_the_other_process_cannot_do_is_raised_here(book: Book) -> None:
    def elsewhere(piece: str) -> NoReturn:
        book.work(piece)
        raise OSError("not there")

    def here(piece: str) -> tuple[str, int]:
        done = book.work(piece)
        if (book.second(), piece) in book.lines():
            raise OSError("not here either")
        return done

    with pytest.raises(OSError, match="not here either"):
        together.shared(PIECES, here, elsewhere, tuple[str, int])


FIRST = """
import os, signal, sys
from topo.kernel.linux import together

def here(piece):
    while not os.path.getsize(sys.argv[1]):
        pass
    os.kill(os.getpid(), signal.SIGKILL)

def elsewhere(piece):
    with open(sys.argv[1], "a") as file:
        print(os.getpid(), file=file)
    return bytes(8 << 20)

open(sys.argv[1], "w").close()
together.shared([1, 2], here, elsewhere, bytes)
"""


def test_the_other_process_does_not_outlive_a_killed_one(tmp_path: Path) -> None:
    """Though what it has to say is more than a pipe holds, and nobody is there to read it."""
    file = tmp_path / "second"
    root = str(Path(__file__).parents[3])
    done = subprocess.run([sys.executable, "-c", FIRST, file], env={**os.environ, "PYTHONPATH": root}, check=False)
    assert done.returncode == -signal.SIGKILL
    second = int(file.read_text().split()[0])
    wait_for(lambda: not is_alive(second), why="the second process to end")


def test_a_second_process_is_of_use_on_a_second_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    for processors, useful in ({3}, False), ({0, 3}, True):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, found=processors: found)
        assert together.can_share() is useful


def test_none_is_made_while_another_thread_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    threads, end = threading.active_count(), threading.Event()
    other = threading.Thread(target=end.wait)
    other.start()
    try:
        assert not together.can_share()
    finally:
        end.set()
        other.join()
    assert together.can_share() is (threads == 1)
