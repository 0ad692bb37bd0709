"""setns(2), inotify(7): what Python has no word for, or not every Python."""

from __future__ import annotations

import os
from ctypes import CDLL, c_char_p, c_int, c_uint32, get_errno

_CLONE_NEWNET = 0x40000000
_GONE = 0x40 | 0x200 | 0x400 | 0x800  # IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF

_libc = CDLL(None, use_errno=True)
_libc.setns.argtypes = (c_int, c_int)
_libc.inotify_add_watch.argtypes = (c_int, c_char_p, c_uint32)


def setns(fd: int) -> None:
    """Puts the calling thread, and no other one, into a network namespace. Raises OSError."""
    _checked(_libc.setns(fd, _CLONE_NEWNET))


def watched(*folders: str) -> int:
    """A file descriptor that is readable when something was taken out of one of the folders. Raises OSError."""
    fd = _checked(_libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK))
    for folder in folders:
        _checked(_libc.inotify_add_watch(fd, os.fsencode(folder), _GONE))
    return fd


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(get_errno(), os.strerror(get_errno()))
    return result
