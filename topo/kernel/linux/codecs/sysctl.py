"""Sysctl <-> a value in /proc/sys/net of a namespace, and the mark that says that topo wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache

from topo.kernel.linux import namespaces, sysctls
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.place import Place
from topo.kernel.protocol import Operation, Scope
from topo.objects import Object
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
    for name in sorted(sysctls.marks(place.name) | _wanted(_Same(scope.wanted)).get(place.name, frozenset())):
        with suppress(OSError):  # there is none, or it can only be written
            yield Sysctl(namespace=place.name, owner=owner, name=name, value=sysctls.read(name))


class _Same:
    """A key for a cache: equal only to itself around the very same objects, without a look at each."""

    def __init__(self, wanted: tuple[Object, ...]) -> None:
        self.wanted = wanted

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.wanted is other.wanted

    def __hash__(self) -> int:
        return id(self.wanted)


@lru_cache(maxsize=1)
def _wanted(key: _Same) -> Mapping[str, frozenset[str]]:
    """namespace -> the names of its sysctls that are asked for: grouped once, and not for each namespace."""
    found: dict[str, set[str]] = {}
    for thing in key.wanted:
        if isinstance(thing, Sysctl) and thing.namespace is not None:
            found.setdefault(thing.namespace, set()).add(thing.name)
    return {namespace: frozenset(names) for namespace, names in found.items()}


CODEC = Codec(perform=_perform, observe=_observe)
