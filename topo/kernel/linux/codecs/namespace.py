"""Namespace <-> a pinned network namespace; deleting it ends the processes in it."""

from __future__ import annotations

from collections.abc import Iterator

from topo.errors import KernelError
from topo.kernel.linux import namespaces, processes
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.place import Place
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects.names import owner_of
from topo.objects.namespace import Namespace

_GRACE = 10.0
"""Seconds from SIGTERM to SIGKILL."""


def _perform(operation: Operation, place: Place) -> None:
    thing = operation.thing
    assert isinstance(thing, Namespace)
    place.other.let_go(thing.name)
    if operation.after is not None:
        namespaces.create(thing.name, place.fd, lambda fd: place.other.adopt(thing.name, fd))
        return
    left = processes.end([thing.name], _GRACE)
    namespaces.unpin(thing.name)
    if left:
        raise KernelError(f"{thing.name} is gone, but processes in it do not end: {', '.join(map(str, left))}")


def _decode(view: View) -> Iterator[Namespace]:
    for name, inode in view.inodes.items():
        yield Namespace(name=name, owner=owner_of(name), inode=inode)


CODEC = Codec(perform=_perform, decode=_decode)
