"""addresses or subnets of one place -> each once; what stands there twice is reported."""

from __future__ import annotations

from typing import Any

from topo.document.assembly.values import each, known
from topo.document.report import Report
from topo.lab import Path
from topo.networks import version_of


def unique(value: Any, path: Path, report: Report) -> tuple[str, ...]:
    """The texts, in their order."""
    if not isinstance(value, list):
        return () if known(value) is None else (value,)
    found: dict[str, Path] = {}
    for place, text in each(value, path):
        if found.setdefault(text, place) is not place:
            first = report.places.nearest(found[text])
            report.add(place, f"{text} stands at {first} too", hint="remove one of them", code="duplicate")
    return tuple(found)


def one_each(value: Any, path: Path, what: str, report: Report) -> None:
    """Reports a second one of IPv4, or of IPv6."""
    found: dict[int, str] = {}
    for place, text in each(value, path):
        version = version_of(text)
        if found.setdefault(version, text) != text:
            message = f"{text} is a second IPv{version} {what}"
            report.add(place, message, hint="remove one of them", code="duplicate", harmless=True)
