"""`routes` of a container -> Route, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from topo.document.assembly.values import each
from topo.document.reader import Broken
from topo.lab import Path, Route
from topo.networks import version_of

_EVERYWHERE = {4: "0.0.0.0/0", 6: "::/0"}


def routes(value: Any, path: Path) -> Iterator[Route]:
    """The routes of which nothing is wrong."""
    for place, entry in each(value, path):
        if any(isinstance(part, Broken) for part in entry.values()):
            continue
        to, via = entry["to"], entry.get("via")
        if to == "default":
            to = _EVERYWHERE[version_of(via) if via else 4]
        yield Route(to, via, entry.get("interface"), entry.get("metric"), entry.get("type") or "unicast", place)
