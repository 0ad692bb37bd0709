"""What this machine allows -> errors with what to do about it, before the kernel says no half way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES, EDQUOT, EIO, EISDIR, EMFILE, ENFILE, ENOSPC, ENOTDIR, ENOTEMPTY, EOPNOTSUPP, EPERM, EROFS
from functools import cache

from topo.errors import KernelError
from topo.objects.state import LIVE_RENAME, REMARK

_OLDEST = (5, 18)
_SINCE = {LIVE_RENAME: (6, 2), REMARK: (6, 4)}
"""dev_change_name, inet_rtm_newaddr."""

_HINTS = {
    EPERM: "run it as root, for example with sudo",
    EACCES: "run it as root, for example with sudo",
    EDQUOT: "topo keeps what a lab needs to be found again under /run: make room there",
    EIO: "the disk or the file system fails: dmesg says more",
    EISDIR: "something that topo did not make is in the way: move it",
    EMFILE: "allow more open files: ulimit -n 4096",
    ENFILE: "the machine has too many files open: sysctl fs.file-max",
    ENOSPC: "topo keeps what a lab needs to be found again under /run: make room there (df -h /run; df -i /run)",
    ENOTDIR: "something that topo did not make is in the way: move it",
    ENOTEMPTY: "something that topo did not make is in the way: move it",
    EROFS: "topo writes under /run, and settings under /proc/sys: mount them writable",
    EOPNOTSUPP: "the kernel was built without this, or its module is not loaded",
}

_ELSE = "try again when the reason is gone: what is done stays, and is not done twice"


def hint_of(errno: int) -> str | None:
    """What a user can do about an errno, where there is something."""
    return _HINTS.get(errno)


def check_kernel() -> None:
    """Raises KernelError on a kernel that cannot keep the mark of an address (IFA_PROTO came with Linux 5.18)."""
    if release() < _OLDEST:
        found = os.uname().release
        raise KernelError(f"Linux {found} is too old: topo needs 5.18 or newer", hint="boot a newer kernel")


def features() -> frozenset[str]:
    """What this kernel can do that not every kernel can, as in State."""
    found = release()
    return frozenset(name for name, since in _SINCE.items() if found >= since)


def release() -> tuple[int, int]:
    """(6, 18) of `6.18.44-generic`."""
    return _release(os.uname().release)


@cache
def _release(text: str) -> tuple[int, int]:
    found = re.match(r"(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def error_of(error: OSError, what: str) -> KernelError:
    """The error for something of the machine that could not be done: `what` is `open the namespace topo.shop`."""
    number = error.errno or 0
    return KernelError(f"cannot {what}: {words_of(error)}", errno=number, hint=hint_of(number) or _ELSE)


def words_of(error: OSError) -> str:
    """The path that it is about, where it is known, and what went wrong."""
    reason = error.strerror or str(error)
    return f"{os.fsdecode(error.filename)}: {reason}" if isinstance(error.filename, str | bytes) and error.filename else reason


@contextmanager
def doing(what: str) -> Iterator[None]:
    """An OSError in here is a KernelError out there. `what` is as in error_of."""
    try:
        yield
    except OSError as error:
        raise error_of(error, what) from error


@contextmanager
def about(path: str | os.PathLike[str]) -> Iterator[None]:
    """An OSError in here that names no file is about this one: write(2) names none."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None:
            raise OSError(error.errno, error.strerror, os.fspath(path)) from error
        raise
