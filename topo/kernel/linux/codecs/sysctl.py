"""Sysctl <-> a value in /proc/sys/net of a namespace, and the mark that says that topo wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from topo.kernel.linux import namespaces, sysctls
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.place import Place
from topo.kernel.protocol import Operation, Scope
from topo.objects.sysctl import Sysctl


def _perform(operation: Operation, place: Place) -> None:
    thing = operation.thing
    assert isinstance(thing, Sysctl)
    assert place.name is not None
    name = thing.name
    if operation.after is None:
        with place.entered(), suppress(FileNotFoundError):  # it went with its interface
            _write(place.name, name, sysctls.fresh_value(name))
        sysctls.mark(place.name, name, present=False)
        return
    # The mark comes first: a command killed in between leaves a value that the next one knows to be topo's to change.
    sysctls.mark(place.name, name, present=True)
    with place.entered():
        _write(place.name, name, thing.value)


def _write(namespace: str, name: str, value: str) -> None:
    """Writes the value, and puts back what the kernel overwrites with it of the others that are topo's."""
    others = {other: sysctls.read(other) for other in sysctls.overwritten_by(name, sysctls.marks(namespace))}
    sysctls.write(name, value)
    for other, before in others.items():
        if sysctls.read(other) != before:
            sysctls.write(other, before)


def _observe(place: Place, scope: Scope) -> Iterator[Sysctl]:
    if place.name is None:
        return
    owner = namespaces.owner_of(place.name)
    for name in sorted(sysctls.marks(place.name)):
        with suppress(OSError):  # there is none, or it can only be written
            yield Sysctl(namespace=place.name, owner=owner, name=name, value=sysctls.read(name))


CODEC = Codec(perform=_perform, observe=_observe)
