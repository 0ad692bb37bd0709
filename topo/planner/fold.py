"""objects that go -> folds: what a plan says in one change, because it is all inside one thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from topo.objects import KINDS, Key, Object
from topo.objects.names import is_fabric


class Fold(Struct, frozen=True):
    """inside: keys of all that goes with it. along: those of them that reach out of it (the other end of a link is in the
    fabric, or it has something of the host's for itself) and are deleted first: the kernel itself takes seconds to."""

    inside: tuple[Key, ...]
    along: tuple[Object, ...]


def folded(gone: Iterable[Object]) -> Mapping[Key, Fold]:
    """By the key of what folds: a namespace, with all in it. What reaches into the namespace of a container that stays is a
    change of its own there; what reaches into the fabric only is not."""
    gone = tuple(gone)
    tops = {name: thing for thing in gone if thing.owned and KINDS[thing.kind].folds for name in _namespaces(thing)}
    inside: dict[Key, list[Key]] = {top.key: [] for top in tops.values()}
    along: dict[Key, list[Object]] = {top.key: [] for top in tops.values()}
    for thing in gone if tops else ():
        if (top := tops.get(str(thing.namespace))) is None:
            continue
        outside = [name for name in _namespaces(thing) if name not in tops]
        if not all(is_fabric(name) for name in outside):
            continue
        inside[top.key].append(thing.key)
        if thing.owned and (outside or any(not token[1] for token in KINDS[thing.kind].provides(thing))):
            along[top.key].append(thing)
    return {key: Fold(tuple(keys), tuple(along[key])) for key, keys in inside.items()}


def _namespaces(thing: Object) -> tuple[str, ...]:
    return KINDS[thing.kind].namespaces(thing)
