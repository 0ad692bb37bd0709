"""addresses and subnets of one place -> what is wrong among them: twice the same, or more than one of a family."""

from __future__ import annotations

from typing import Any

from topo.document.assembly.values import each
from topo.document.report import Report
from topo.lab import Path


def version(text: str) -> int:
    """4 or 6, of a canonical address or subnet."""
    return 6 if ":" in text else 4


def unique(value: Any, path: Path, report: Report, *, one_each: str = "") -> tuple[str, ...]:
    """The texts, each once. `one_each`: what there is at most one of for IPv4, and one for IPv6."""
    found: dict[str, Path] = {}
    families: dict[int, Path] = {}
    for place, text in each(value, path):
        if text in found:
            report.add(
                place, f"{text} stands at {report.places.nearest(found[text])} too", hint="remove one of them", code="duplicate"
            )
            continue
        found[text] = place
        family = version(text)
        if one_each and family in families:
            first = report.places.nearest(families[family])
            report.add(
                place,
                f"a second IPv{family} {one_each}; the first stands at {first}",
                hint="remove one of them",
                code="duplicate",
            )
        families.setdefault(family, place)
    return tuple(found)
