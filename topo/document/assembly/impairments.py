"""delay, loss, rate and the like, of a link or an attachment -> Impairment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from topo.document.assembly.values import known, mapping
from topo.document.formats import quantities
from topo.document.reader import Broken
from topo.document.report import Report
from topo.document.schema.impairments import IMPAIRMENT
from topo.lab import Impairment, Path
from topo.objects.units import WHOLE

_NETEM = ("delay", "jitter", "loss", "duplicate", "corrupt", "reorder")
_NEEDS = (
    ("jitter", "delay", "`jitter` varies the `delay`, and there is none"),
    ("distribution", "jitter", "`distribution` shapes the `jitter`, and there is none"),
    ("reorder", "delay", "what `reorder` names overtakes what waits for the `delay`, and there is none"),
    ("burst", "rate", "`burst` is of a `rate`, and there is none"),
)
_SLOWEST = 250
"""Seconds that a burst takes at most: the kernel counts them in 32 bits of 64 ns."""

_Places = Mapping[str, tuple[Path, Any]]
"""key -> where it stands, and its value."""


def impairment(entry: Mapping[str, Any], path: Path, report: Report) -> Impairment | None:
    """What these keys say, or None when none of them is there."""
    return _impairment(_of(entry, path), path, report)


def directions(entry: Mapping[str, Any], path: Path, report: Report) -> tuple[Impairment | None, Impairment | None]:
    """From the first end of a link to the second, and back."""
    both = _of(entry, path)
    one, other = ({**both, **_of(mapping(entry.get(way)), (*path, way))} for way in ("forward", "reverse"))
    return _impairment(one, path, report), _impairment(other, path, report)


def _of(entry: Mapping[str, Any], path: Path) -> _Places:
    return {key: ((*path, key), entry[key]) for key in IMPAIRMENT if key in entry}


def _impairment(given: _Places, path: Path, report: Report) -> Impairment | None:
    if not given:
        return None
    if any(_is_broken(value) for _, value in given.values()):
        report.lose(path)
        return None
    given = _left(given)
    for key, message, hint in _mistakes({key: value for key, (_, value) in given.items()}):
        report.add(given[key][0], message, hint=hint, key=True, code="impairment")
    fields: dict[str, Any] = {}
    for key, (_, value) in given.items():
        fields |= _fields(key, value)
    return Impairment(**fields)


def _left(given: _Places) -> _Places:
    """Without what a direction switches off: a `delay` of 0 there takes along the `jitter` of both."""
    left = dict(given)
    for key, needed, _ in _NEEDS:
        if key in left and needed in given:
            (place, value), own = given[needed], given[key][0]
            if needed not in left or (not value and len(place) > len(own)):
                del left[key]
    return left


def _is_broken(value: Any) -> bool:
    return isinstance(value, Broken) or any(isinstance(part, Broken) for part in mapping(value).values())


def _fields(key: str, value: Any) -> dict[str, Any]:
    if key == "loss" and isinstance(value, dict):
        return {"gilbert": (value["p"], value["r"], value.get("h", 0), value.get("k", WHOLE)), "loss": 0}
    if key == "loss":
        return {"loss": value, "gilbert": ()}
    if key == "limit":
        packets = value.isdigit()
        return {"limit": int(value) if packets else 0, "room": 0 if packets else quantities.size(value)}
    return {key: known(value)}


def _mistakes(given: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(the key that is wrong, what is wrong, what to do)."""
    for key, needed, message in _NEEDS:
        if given.get(key) and not given.get(needed) and given[key] != "uniform":
            yield key, message, f"add `{needed}`, or remove `{key}`"
    netem = [key for key in _NETEM if given.get(key)]
    limit, burst, rate = given.get("limit"), given.get("burst"), given.get("rate")
    if burst and rate and burst > rate * _SLOWEST:
        yield "burst", f"a burst that takes more than {_SLOWEST} s at its rate", "write a smaller one"
    if limit and netem and not limit.isdigit():
        yield "limit", f"beside `{netem[0]}`, the kernel counts packets", "write a number of packets"
    if limit and given.keys() == {"limit"}:
        yield "limit", "nothing waits that could be too much", "add `delay` or `rate`, or remove `limit`"
