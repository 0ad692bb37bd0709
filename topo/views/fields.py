"""Object -> the fields that a reader of a plan wants to see: what differs, or what is not usual."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from msgspec.structs import replace

from topo.objects import KINDS, Object
from topo.planner.values import values
from topo.record import defaults, is_record, saved

_UNSAID = frozenset({"namespace", "owner", "owned", "kind", "mark"})
_NAMES = frozenset({"name", "interface", "path"})
"""Fields that only say which object it is: where they stand in its address, once more is too much."""
_FEW = 3


def changed(before: Object, after: Object) -> Iterator[tuple[str, Any, Any]]:
    """(path of a field, its old value, its new value) of those that differ; a value that is not asked for does not."""
    old, new = flat(values(before)), flat(values(after))
    exact = KINDS[after.kind].exact
    for path in old | new:
        was, becomes = old.get(path) or None, new.get(path) or None
        asked = becomes is not None or path not in new or new[path] is not None or path in exact
        if was != becomes and path != "owner" and asked:
            yield path, old.get(path), new.get(path)


def unusual(thing: Object) -> Iterator[tuple[str, Any]]:
    """(path, value) of the fields that are neither their default nor what the object's address is made of."""
    usual = flat(_defaults(thing))
    for path, value in flat(values(thing), into_lists=False).items():
        said = path.rpartition(".")[2] in _UNSAID or _names(thing, path, value)
        if not said and value not in (None, "", []) and usual.get(path) != value:
            yield path, value


def spelled(kind: str, path: str, value: Any) -> str:
    """The value of a field of this kind as a reader of the plan sees it, on one line."""
    spell = KINDS[kind].spelled.get(path)
    return spell(value) if spell and value else words(value)


def words(value: Any) -> str:
    """A value as a reader of the plan sees it, on one line."""
    if isinstance(value, list):
        simple = len(value) <= _FEW and not any(isinstance(part, Mapping) for part in value)
        return ", ".join(words(part) for part in value) if simple else f"({len(value)})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and "\n" in value:
        return f"({len(value.splitlines())} lines)"
    return "none" if value in (None, "") else str(value)


def lines(old: Any, new: Any) -> Iterator[str]:
    """The lines that differ between two long values, each behind its + or -; none when both fit in one line."""
    if not (_is_long(old) or _is_long(new)):
        return
    before, after = _lines(old), _lines(new)
    # Not difflib.ndiff, which looks for likenesses within lines too: of 1000 that differ, for minutes.
    for tag, start, end, first, last in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _block(before[start:end], after[first:last])


def _block(gone: Sequence[str], come: Sequence[str]) -> Iterator[str]:
    """The lines that stand for others: as many for as many go in pairs."""
    marked = [f"- {line}" for line in gone], [f"+ {line}" for line in come]
    in_order = chain(*zip(*marked, strict=True)) if len(gone) == len(come) else chain(*marked)
    yield from (line.expandtabs(8) for line in in_order)


def flat(nested: Mapping[str, Any], prefix: str = "", *, into_lists: bool = True) -> dict[str, Any]:
    """Nested maps as one map of paths: `end.mtu`; with `into_lists`, lists of maps too: `chains.0.rules`."""
    leaves: dict[str, Any] = {}
    for name, value in nested.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            leaves |= flat(value, f"{path}.", into_lists=into_lists)
        elif into_lists and isinstance(value, list) and any(isinstance(part, Mapping) for part in value):
            leaves |= flat({str(number): part for number, part in enumerate(value)}, f"{path}.")
        else:
            leaves[path] = value
    return leaves


def _defaults(thing: Any) -> dict[str, Any]:
    """What the fields of an object are where nobody says otherwise, nested as the object is."""
    found: dict[str, Any] = {}
    usual = defaults(thing.__class__)
    for name in saved(thing.__class__):
        value: Any = getattr(thing, name)
        default: Any = usual.get(name)
        if is_record(default):
            found[name] = {part: getattr(default, part) for part in saved(default.__class__)}
        else:
            found[name] = _defaults(value) if is_record(value) else default
    return found


def _names(thing: Object, path: str, value: Any) -> bool:
    """Whether a field is in the object's address: with another value there, it would be another address. A value that only
    looks like a part of the address is not."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        return False
    other = _with(thing, path.split("."), f"{value}~" if isinstance(value, str) else value + 1)
    if other.address != thing.address:
        return True
    return path in _NAMES and f"/{value}/" in f"/{thing.address}/"


def _with(thing: Any, path: Sequence[str], value: Any) -> Any:
    first, *rest = path
    return replace(thing, **{first: _with(getattr(thing, first), rest, value) if rest else value})


def _is_long(value: Any) -> bool:
    return isinstance(value, list) or (isinstance(value, str) and "\n" in value)


def _lines(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(part) for part in value] if isinstance(value, list) else str(value).splitlines()
