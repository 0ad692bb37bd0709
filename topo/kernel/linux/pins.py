"""A name in the folder of namespaces -> whether what is pinned there is a network namespace that may be a lab's."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from contextlib import suppress
from errno import EINVAL, ENOENT
from functools import cache
from pathlib import Path
from stat import S_ISDIR

from topo.kernel.linux import folders, syscalls

OWN = "/proc/thread-self/ns/net"
"""The network namespace of the calling thread: /proc/self would be the one of the process's first thread."""
_FIRST = "/proc/1/ns/net"
INSIDE = "TOPO_NAMESPACE"
"""In the environment of a command of `topo exec`: the namespace that it is in. A topo run there is no topo of the host."""

_NS_GET_NSTYPE = 0xB703  # ioctl_ns(2)


def inode(name: str) -> int | None:
    """The kernel's number of the namespace: the one in `net:[4026532008]`. None when the pin is not there, or is no lab's.

    A lab's it cannot be when it is a plain file (what a killed command leaves), a link or a folder; a namespace of another
    kind; or that of the calling thread or of the machine's first process: who took those for a container would rewire the
    host, and end all that runs on it.
    """
    return inodes([name]).get(name)


def inodes(names: Iterable[str], own: int | None = None) -> dict[str, int]:
    """name -> the kernel's number, of those that are a lab's: see `inode`. own: that of the calling thread's, where known."""
    own = own_inode() if own is None else own
    inside, first, nsfs = os.environ.get(INSIDE), _first(), _nsfs()
    folder, found = os.fspath(folders.namespaces()), dict[str, int]()
    for name in names:
        pin = f"{folder}/{name}"
        try:
            status = os.lstat(pin)
        except FileNotFoundError:
            continue
        number = status.st_ino
        hosts = number == first or (number == own and name != inside)
        if status.st_dev == nsfs and not hosts and _is_network(pin, number):
            found[name] = number
    return found


def own_inode() -> int:
    """The number of the calling thread's network namespace. To look that up takes longer than to look at a pin."""
    return os.stat(OWN).st_ino


def take_away(name: str) -> None:
    """Takes the name away, from whatever has it. The kernel ends a namespace that nobody else holds.

    Raises OSError for a folder that is not empty: that is somebody's.
    """
    pin = folders.namespace(name)
    with suppress(FileNotFoundError):
        if S_ISDIR(os.lstat(pin).st_mode):
            pin.rmdir()
            return
        _unmount(pin)
        pin.unlink()


def _unmount(pin: Path) -> None:
    """All that is mounted there, one over the other; where nothing is, umount2(2) says EINVAL."""
    try:
        while True:
            syscalls.umount(pin, syscalls.MNT_DETACH | syscalls.UMOUNT_NOFOLLOW)
    except OSError as error:
        if error.errno not in (EINVAL, ENOENT):
            raise


@cache
def _is_network(pin: str, number: int) -> bool:
    """Asked once of each namespace, which `number` stands for: it stays what it is."""
    fd = os.open(pin, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        return fcntl.ioctl(fd, _NS_GET_NSTYPE) == syscalls.CLONE_NEWNET
    finally:
        os.close(fd)


@cache
def _nsfs() -> int:
    """The device number of nsfs: all namespaces have it, and nothing else."""
    return os.stat(OWN).st_dev


@cache
def _first() -> int:
    """0 for who may not know: an ordinary user, who can do nothing to any namespace either."""
    with suppress(OSError):
        return os.stat(_FIRST).st_ino
    return 0
