"""objects -> fingerprint: what a plan was made against, in 64 characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, cached_property
from hashlib import sha256
from operator import attrgetter
from typing import Any

from msgspec import Struct

from topo.objects import Object
from topo.record import compared

_SIMPLE = frozenset({str, int, bool, type(None)})


class Observed(Struct, frozen=True, eq=False, dict=True):
    """The objects that a plan was made against. It is as good as their fingerprint, which few ask for: it takes longer than to
    find that nothing has to change."""

    objects: tuple[Object, ...]

    @cached_property
    def fingerprint(self) -> str:
        """Of these objects."""
        return fingerprint(self.objects)

    def __eq__(self, other: object) -> bool:
        return self.fingerprint == (other.fingerprint if isinstance(other, Observed) else other)

    def __ne__(self, other: object) -> bool:  # Struct has one of its own
        return not self == other

    def __hash__(self) -> int:
        return hash(self.fingerprint)


def fingerprint(objects: Iterable[Object]) -> str:
    """sha256 of keys and compared fields: no index, no counter, no order."""
    lines = sorted(repr((thing.key, _canonical(thing))) for thing in objects)
    return sha256("\n".join(lines).encode()).hexdigest()


def _canonical(thing: Any) -> tuple[Any, ...]:
    return tuple([_plain(value) for value in _reader(thing.__class__)(thing)])


def _plain(value: Any) -> Any:
    of = value.__class__
    if of in _SIMPLE:
        return value
    return tuple(_plain(one) for one in value) if of is tuple else _canonical(value)


@cache
def _reader(of: Any) -> Callable[[Any], tuple[Any, ...]]:
    names = compared(of)
    one = attrgetter(*names)
    return one if len(names) > 1 else lambda thing: (one(thing),)
