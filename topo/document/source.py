"""file, FIFO or standard input -> its bytes, or one error that says why not."""

from __future__ import annotations

import os
import select
import stat
import sys
import time
from pathlib import Path

from msgspec import Struct

from topo.errors import UsageError

LARGEST = 16 * 1024 * 1024
"""Bytes of a document. A lab of 1000 containers has about a tenth of one MiB."""

PATIENCE = 5.0
"""Seconds that a FIFO may have no writer."""

STDIN = "-"


class Source(Struct, frozen=True):
    """`file`: its name in errors. `title`: what the lab is called when it does not say; None where nothing can be told."""

    file: str
    data: bytes
    title: str | None


def read(source: str | Path) -> Source:
    """The bytes of a file (`-`: of standard input). Raises UsageError when there is nothing to read."""
    if str(source) == STDIN:
        return Source("<stdin>", _limited(sys.stdin.buffer.read(LARGEST + 1), "<stdin>"), None)
    file = str(source)
    try:
        # O_NONBLOCK: opening a FIFO that nobody writes to would never return (fifo(7)).
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise _unreadable(file, error) from None
    try:
        mode = os.fstat(descriptor).st_mode
        data = _piped(descriptor, file) if stat.S_ISFIFO(mode) else _plain(descriptor)
    except OSError as error:
        raise _unreadable(file, error) from None
    finally:
        os.close(descriptor)
    return Source(file, _limited(data, file), title(Path(file)) if stat.S_ISREG(mode) else None)


def title(path: Path) -> str:
    """What a lab in this file is called when it does not say: the file, or for topo.yaml the folder."""
    return path.resolve().parent.name if path.name in ("topo.yaml", "topo.yml") else path.stem


def _plain(descriptor: int) -> bytes:
    with open(descriptor, "rb", closefd=False) as file:
        return file.read(LARGEST + 1) or b""


def _piped(descriptor: int, file: str) -> bytes:
    """All that comes through a FIFO. Until the first byte, "no writer yet" and "the writer went" both read as the end."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    data = bytearray()
    deadline = time.monotonic() + PATIENCE
    while len(data) <= LARGEST:
        try:
            piece = os.read(descriptor, 1 << 16)
        except BlockingIOError:
            poll.poll()
            continue
        if not piece and (data or poll.poll(0)):
            break
        if not piece and time.monotonic() > deadline:
            raise UsageError(f"{file}: nothing came through this pipe", hint="start the program that writes to it")
        if not piece:
            poll.poll(50)
        data += piece
    return bytes(data)


def _limited(data: bytes, file: str) -> bytes:
    if len(data) > LARGEST:
        raise UsageError(f"{file}: larger than {LARGEST >> 20} MiB, which no lab is", hint="name the lab's file")
    return data


def _unreadable(file: str, error: Exception) -> UsageError:
    if isinstance(error, FileNotFoundError):
        return UsageError(f"{file}: no such file", hint=_neighbour(Path(file)))
    if isinstance(error, IsADirectoryError):
        inside = Path(file) / "topo.yaml"
        return UsageError(f"{file}: a folder, where a file belongs", hint=f"write {inside}" if inside.is_file() else None)
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UsageError(f"{file!a}: cannot be read: {why}" if "\0" in file else f"{file}: cannot be read: {why}")


def _neighbour(path: Path) -> str | None:
    """The same name with the other of YAML's two suffixes, when that file is there."""
    for suffix in (".yaml", ".yml"):
        try:
            other = path.with_suffix(suffix)
            if other.is_file():
                return f"did you mean {other}?"
        except (OSError, ValueError):
            return None
    return None
