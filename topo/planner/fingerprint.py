"""objects -> fingerprint: what a plan was made against, in 64 characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import sha256
from operator import attrgetter
from typing import Any

from topo.objects import Object


def fingerprint(objects: Iterable[Object]) -> str:
    """sha256 of keys and compared fields: no index, no counter, no order."""
    lines = sorted(repr((thing.key, _canonical(thing))) for thing in objects)
    return sha256("\n".join(lines).encode()).hexdigest()


def _canonical(thing: Any) -> tuple[Any, ...]:
    return tuple(_plain(value) for value in _reader(thing.__class__)(thing))


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return _canonical(value)
    return tuple(_plain(one) for one in value) if isinstance(value, tuple) else value


@cache
def _reader(of: Any) -> Callable[[Any], tuple[Any, ...]]:
    names = [field.name for field in fields(of) if field.compare]
    one = attrgetter(*names)
    return one if len(names) > 1 else lambda thing: (one(thing),)
