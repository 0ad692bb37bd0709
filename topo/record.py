"""Record: a value with named fields, some of which say something about it without making it another value."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar

from msgspec import Struct

_are_alike = Struct.__eq__
"""Whether two values are equal in all fields."""


class Record(Struct, frozen=True, gc=False):
    """Equal to another one of its class when the compared fields are equal: all those that no class names in

    shown: facts to show (an index, a port's state), never a reason to change anything;
    kept: not compared either, but saved with a plan, because an operation or a name needs them.

    A value holds no circle, so the garbage collector need not look at it (gc=False).
    """

    shown: ClassVar[frozenset[str]] = frozenset()
    kept: ClassVar[frozenset[str]] = frozenset()

    def __eq__(self, other: object) -> bool:
        if _are_alike(self, other) is True:  # much quicker than what follows, and true of most
            return True
        if self.__class__ is not other.__class__:
            return NotImplemented
        read = _reader(self.__class__)
        return bool(read(self) == read(other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(_reader(self.__class__)(self))


def is_record(value: object) -> bool:
    """Whether a value has named fields."""
    return isinstance(value, Struct)


@cache
def compared(of: Any) -> tuple[str, ...]:
    """The fields that make two values of this class the same one, in their order."""
    apart = _named(of, "shown") | _named(of, "kept")
    return tuple(name for name in of.__struct_fields__ if name not in apart)


@cache
def saved(of: type[Any]) -> tuple[str, ...]:
    """The fields that are compared or kept, in their order."""
    apart = _named(of, "shown")
    return tuple(name for name in of.__struct_fields__ if name not in apart)


@cache
def defaults(of: type[Any]) -> dict[str, Any]:
    """field -> its default, of those that have one."""
    names, values = of.__struct_fields__, of.__struct_defaults__
    return dict(zip(names[len(names) - len(values) :], values, strict=True))


def _named(of: type[Any], which: str) -> frozenset[str]:
    return frozenset().union(*(vars(each).get(which, ()) for each in of.__mro__))


@cache
def _reader(of: Any) -> Callable[[Any], Any]:
    return attrgetter(*compared(of))
