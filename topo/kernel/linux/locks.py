"""A lab's name -> its lock: who holds it alone may change the lab."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from topo.errors import LockTimeoutError
from topo.kernel.linux import folders, hints, namespaces
from topo.timings import stage

_PAUSE = 0.02


@contextmanager
def lock(lab: str, timeout: float | None = None) -> Iterator[None]:
    """Excludes every other process, and every other thread, from changing the lab.

    timeout: seconds to wait for the holder; None: for ever. Raises LockTimeoutError, KernelError where the folder cannot be made.
    The kernel frees the lock of a process that dies.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    while (fd := _take(lab)) is None:
        if deadline is not None and time.monotonic() >= deadline:
            raise _too_late(lab)
        with stage("wait"):
            time.sleep(_PAUSE)
    try:
        with hints.doing(f"take the lock of the lab {lab}"), hints.about(folders.lock(lab)):
            os.ftruncate(fd, 0)
            os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        with suppress(OSError):  # what it leaves is tidied up by the next command
            if _is_current(fd, lab):
                _tidy(lab)
        os.close(fd)


@contextmanager
def choosing(timeout: float | None = None) -> Iterator[None]:
    """Excludes all others who choose what of the host a lab takes. The caller holds the lock of a lab, and so its folder: the
    one that all labs are in stays the same one. Raises LockTimeoutError after so many seconds."""
    deadline = None if timeout is None else time.monotonic() + timeout
    fd = os.open(folders.labs(), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        while not _is_free(fd):
            if deadline is not None and time.monotonic() >= deadline:
                raise LockTimeoutError(
                    "another topo is bringing up a lab with a way out", hint="--lock-timeout says how long to wait for it"
                )
            with stage("wait"):
                time.sleep(_PAUSE)
        yield
    finally:
        os.close(fd)


def _is_free(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def alone() -> Iterator[None]:
    """No other lab changes the host meanwhile: who goes last can only be seen one after the other."""
    folders.namespaces().mkdir(parents=True, exist_ok=True)
    folder = os.open(folders.namespaces(), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _take(lab: str) -> int | None:
    """A file descriptor with the lock on it, or None while somebody else has it."""
    path = folders.lock(lab)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except FileNotFoundError:  # a `down` removes the folders
        return None
    except OSError as error:
        # mkdir(exist_ok=True) met a folder that was gone when it looked whether that is one.
        if isinstance(error, FileExistsError) and not os.path.lexists(error.filename):
            return None
        raise hints.error_of(error, f"take the lock of the lab {lab}") from error
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The holder may have removed the file on its way out: then this is a lock on nothing, and another one on the new file.
        if _is_current(fd, lab):
            return fd
    except BlockingIOError:
        pass
    except OSError as error:
        os.close(fd)
        raise hints.error_of(error, f"take the lock of the lab {lab}") from error
    except BaseException:
        os.close(fd)
        raise
    os.close(fd)
    return None


def _is_current(fd: int, lab: str) -> bool:
    """Whether the file is the one that others look at. It stays so for whoever has the lock on it."""
    try:
        return os.path.samestat(os.fstat(fd), os.stat(folders.lock(lab)))
    except FileNotFoundError:
        return False


def _tidy(lab: str) -> None:
    """Where the command has left no lab behind, its lock goes too."""
    if not namespaces.names(lab):
        with suppress(OSError):  # whatever is not empty stays, and what it is in
            if folders.objects(lab).exists():
                folders.objects(lab).rmdir()
            folders.lock(lab).unlink(missing_ok=True)
            folders.notes(lab).rmdir()
            folders.lab(lab).rmdir()
            folders.labs().rmdir()


def _too_late(lab: str) -> LockTimeoutError:
    with suppress(OSError, ValueError):
        pid = int(folders.lock(lab).read_text())
        return LockTimeoutError(
            f"another topo is changing the lab {lab}: process {pid}",
            hint=f"wait for it to end, or see what it is: ps -fp {pid}; --lock-timeout says how long to wait",
        )
    return LockTimeoutError(f"another topo is changing the lab {lab}", hint="--lock-timeout says how long to wait for it")
