"""`impair` of a network -> Pairs: who sends, who receives, and what becomes of it; one for each direction, and each replica."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from topo.document.assembly.impairments import directions
from topo.document.assembly.replicas import Replicas
from topo.document.assembly.values import each
from topo.document.report import Report
from topo.document.schema.impairments import IMPAIRMENT
from topo.lab import Impairment, Pair, Path

_WAYS = ("forward", "reverse")
_NAMES = ("between", "from", "to")


def pairs_of(network: str, entry: Mapping[str, Any], replicas: Replicas, report: Report) -> tuple[Pair, ...]:
    """All pairs of one network: at most one for each direction between two containers."""
    found: dict[tuple[str, str], Pair] = {}
    for path, said in each(entry["impair"], ("networks", network, "impair")):
        for pair in _pairs(said, path, replicas, report):
            first = found.setdefault((pair.sender, pair.receiver), pair)
            if first.path != path:
                where = report.places.nearest(first.path)
                message = f"what {pair.sender} sends to {pair.receiver} is impaired already ({where})"
                report.add(path, message, hint="remove one of the two", code="duplicate")
                break
    return tuple(found.values())


def _pairs(said: Mapping[str, Any], path: Path, replicas: Replicas, report: Report) -> Iterator[Pair]:
    if not _is_clear(said, path, report):
        return
    forward, reverse = directions(said, path, report)
    names = list(_names(said, path))
    if len(names) < 2:
        return
    one, other = (_members(name, place, replicas) for name, place in names)
    if one == other and len(one) == 1:
        report.add(names[1][1], f"{one[0]} is both ends of this pair", hint="name another container", code="pair")
    elif said.keys().isdisjoint((*IMPAIRMENT, *_WAYS)):
        report.add(path, "nothing is said of what becomes of it", hint="add `delay`, `loss`, `rate` or the like", code="pair")
    yield from _each(one, other, forward, path)
    if "between" in said and one != other:
        yield from _each(other, one, reverse, path)


def _each(senders: Sequence[str], receivers: Sequence[str], given: Impairment | None, path: Path) -> Iterator[Pair]:
    if given is not None:
        for sender in senders:
            yield from (Pair(sender, receiver, given, path) for receiver in receivers if receiver != sender)


def _is_clear(said: Mapping[str, Any], path: Path, report: Report) -> bool:
    """Whether it says of two containers which way."""
    if "between" not in said:
        missing = [name for name in ("from", "to") if name not in said]
        if len(missing) == 2:
            report.add(path, "`between` is missing", hint="write between: [a, b], or from: a and to: b", code="missing")
        elif missing:
            report.add(path, f"`{missing[0]}` is missing", hint=f"write {missing[0]}: web", code="missing")
        wrong, message, hint = _WAYS, "with `from` and `to` there is one way only", "write its keys beside `to`"
    else:
        missing = []
        wrong, message, hint = ("from", "to"), "`between` names both containers already", "remove one of the two"
    beside = [name for name in wrong if name in said]
    for name in beside:
        report.add((*path, name), message, hint=hint, key=True, code="pair")
    return not missing and not beside


def _names(said: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Path]]:
    """The two, as far as they can be read."""
    for key in _NAMES:
        if key in said:
            yield from ((name, place) for place, name in each(said[key], (*path, key)))


def _members(name: str, path: Path, replicas: Replicas) -> tuple[str, ...]:
    """The containers that a name means: of one with replicas, all of them."""
    if name in replicas.origin:
        return (name,)
    if name not in replicas.members:
        replicas.tell_unknown(name, path)
    return replicas.members.get(name, ())
