"""setns, unshare, mount, umount2 -> OSError with its errno: the system calls that Python's os has no word for."""

from __future__ import annotations

import ctypes
import os

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWNET = 0x40000000

MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_BIND = 0x1000
MS_REC = 0x4000
MS_SLAVE = 0x80000
MS_SHARED = 0x100000

MNT_DETACH = 2
UMOUNT_NOFOLLOW = 8

# The same on every architecture (asm-generic/unistd.h); a C library has had words for them since 2022 only.
_FSOPEN, _FSCONFIG, _FSMOUNT = 430, 431, 432
_FSCONFIG_CMD_CREATE = 6
_CLOEXEC = 1

_libc = ctypes.CDLL(None, use_errno=True)
_libc.setns.argtypes = (ctypes.c_int, ctypes.c_int)
_libc.unshare.argtypes = (ctypes.c_int,)
_libc.mount.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p)
_libc.umount2.argtypes = (ctypes.c_char_p, ctypes.c_int)


def setns(fd: int, kind: int = CLONE_NEWNET) -> None:
    """Puts the calling thread, and no other one, into the namespace that `fd` refers to (setns(2))."""
    if _libc.setns(fd, kind):
        raise _error()


def unshare(kinds: int) -> None:
    """Gives the calling thread, and no other one, new namespaces of these kinds (unshare(2))."""
    if _libc.unshare(kinds):
        raise _error()


def mount(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    fstype: str | None = None,
    flags: int = 0,
    data: str | None = None,
) -> None:
    """mount(2). The OSError names the target."""
    kind = fstype.encode() if fstype else None
    options = data.encode() if data else None
    if _libc.mount(os.fsencode(source), os.fsencode(target), kind, flags, options):
        raise _error(target)


def umount(target: str | os.PathLike[str], flags: int = MNT_DETACH) -> None:
    """umount2(2). The OSError names the target."""
    if _libc.umount2(os.fsencode(target), flags):
        raise _error(target)


def another(fstype: str) -> int:
    """A new instance of a file system of this kind, mounted nowhere: a file descriptor of its root (fsopen(2), fsmount(2))."""
    context = _checked(_libc.syscall(_FSOPEN, fstype.encode(), _CLOEXEC))
    try:
        _checked(_libc.syscall(_FSCONFIG, context, _FSCONFIG_CMD_CREATE, None, None, 0))
        return _checked(_libc.syscall(_FSMOUNT, context, _CLOEXEC, 0))
    finally:
        os.close(context)


def _checked(result: int) -> int:
    if result < 0:
        raise _error()
    return result


def _error(path: str | os.PathLike[str] | None = None) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), os.fspath(path) if path is not None else None)
