"""Names -> named network namespaces: made, opened, listed, deleted."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL, ENOENT
from functools import cache

from topo.kernel.linux import baseline, folders, pins, syscalls
from topo.objects.names import fabric_of, is_fabric, parts

OWN = pins.OWN


def open(name: str, own: int | None = None, inode: int | None = None) -> int:
    """A file descriptor of the namespace, for the caller to close. FileNotFoundError when there is none of that name.

    Where they are known, own: the number of the calling thread's namespace (see pins.inodes); inode: the one of this name.
    """
    if inode is None and name not in pins.inodes([name], own):
        raise FileNotFoundError(ENOENT, "no such namespace", name)
    fd = os.open(os.fspath(folders.namespace(name)), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    if inode not in (None, os.fstat(fd).st_ino):  # it is another one by now
        os.close(fd)
        return open(name, own)
    return fd


def exists(name: str) -> bool:
    """Whether a namespace of its lab is pinned under that name. What else may be there counts as absent: see `leftovers`."""
    lab, _ = parts(name) or ("", None)
    return pins.inode(name) is not None and name in list(lab)


def list(lab: str) -> tuple[str, ...]:
    """The namespaces of a lab, its fabric included, sorted. One that has two names there has the first."""
    return tuple(inodes(lab))


def inodes(lab: str, only: Container[str] | None = None) -> dict[str, int]:
    """The same names, or only these of them -> the kernel's numbers."""
    found: dict[int, str] = {}
    there = names(lab)
    for name, inode in pins.inodes(there if only is None else [name for name in there if name in only]).items():
        found.setdefault(inode, name)
    return {name: inode for inode, name in found.items()}


def leftovers(lab: str) -> tuple[str, ...]:
    """What else has a name of the lab's among the pins: a plain file is a creation or a deletion that was killed half way, a
    link, a second pin of one namespace, or one of the host's is somebody's mistake."""
    own = set(list(lab))
    return tuple(name for name in names(lab) if name not in own)


def every_name() -> tuple[str, ...]:
    """All that is called topo.* among the pins of the machine, sorted: namespaces and leftovers of every lab."""
    try:
        found = os.listdir(folders.namespaces())
    except FileNotFoundError:
        return ()
    return tuple(sorted(name for name in found if parts(name)))


def names(lab: str) -> tuple[str, ...]:
    """Those of one lab, the fabric's first, sorted."""
    fabric = fabric_of(lab)
    return tuple(name for name in every_name() if name == fabric or name.startswith(f"{fabric}."))


def create(name: str, home: int | None = None, inside: Callable[[int], None] = os.close) -> None:
    """Makes a namespace and pins it; nothing to do when it is there.

    home: a file descriptor of the namespace in which the calling thread is, where it has one. inside: is called with the thread
    in the new one, and with a file descriptor of that, which is then its own.
    The pin comes last: a command killed at any instant leaves nothing, a plain file, or a namespace that is complete.
    """
    pin = os.fspath(folders.namespace(name))
    if os.path.lexists(pin):
        if exists(name):
            return
        pins.take_away(name)
    _share(_identity())
    _forget_sysctls(name)
    with returning(home):
        _renew(bridges=is_fabric(name))
        os.close(os.open(pin, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o444))
        syscalls.mount(OWN, pin, flags=syscalls.MS_BIND)
        inside(os.open(pin, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC))


def unpin(name: str) -> None:
    """Takes the name away, from a namespace or from a leftover. The kernel ends a namespace that nobody else holds."""
    pins.take_away(name)
    _forget_sysctls(name)


@contextmanager
def fresh() -> Iterator[None]:
    """The calling thread is in a new namespace that has the baseline and no name, and afterwards where it was."""
    with returning():
        _renew(bridges=False)
        yield


@contextmanager
def returning(home: int | None = None) -> Iterator[None]:
    """The calling thread may change its network namespace, and is afterwards where it was. home: see `create`."""
    own = os.open(OWN, os.O_RDONLY | os.O_CLOEXEC) if home is None else home
    try:
        yield
    finally:
        syscalls.setns(own)
        if home is None:
            os.close(own)


def _renew(*, bridges: bool) -> None:
    """Puts the calling thread into a new namespace that has the baseline. bridges: it is a fabric. A setting less in each of a
    thousand containers is 0.1 ms less."""
    syscalls.unshare(syscalls.CLONE_NEWNET)
    baseline.write(bridges=bridges)


def _identity() -> tuple[int, int]:
    """Which folder it is. Makes it where there is none."""
    path = folders.namespaces()
    try:
        folder = os.stat(path)
    except FileNotFoundError:
        path.mkdir(mode=0o755, parents=True, exist_ok=True)
        folder = os.stat(path)
    return folder.st_dev, folder.st_ino


@cache
def _share(identity: tuple[int, int]) -> None:
    """Makes the folder a shared mount of itself, once per folder, as ip-netns(8) does, under its lock.

    Else the first `ip netns add` of anyone mounts it over itself, with our pins held below and once more in the copy; and
    a mount namespace made later would keep every namespace that is deleted here.
    """
    folder = folders.namespaces()
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            syscalls.mount("", folder, "none", syscalls.MS_SHARED | syscalls.MS_REC)
        except OSError as error:
            if error.errno != EINVAL:
                raise
            syscalls.mount(folder, folder, "none", syscalls.MS_BIND | syscalls.MS_REC)
            syscalls.mount("", folder, "none", syscalls.MS_SHARED | syscalls.MS_REC)
    finally:
        os.close(lock)


def _forget_sysctls(name: str) -> None:
    """A new namespace has no sysctl of ours, whatever stood in an older one of its name."""
    lab, _ = parts(name) or ("", None)
    with suppress(FileNotFoundError):
        os.unlink(f"{folders.sysctls(lab)}/{name}")
