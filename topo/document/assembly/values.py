"""plain values, some of them broken -> those that can be worked with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from topo.document.reader import Broken
from topo.document.report import Report
from topo.lab import Path


def known(value: Any) -> Any:
    """The value, or None for one that was reported already. Of a list those that were not."""
    if isinstance(value, list):
        return [item for item in value if not isinstance(item, Broken)]
    return None if isinstance(value, Broken) else value


def known_at(value: Any, path: Path, report: Report) -> Any:
    """The same, of a key that is read among others for which place and report matter."""
    return known(value)


def mapping(value: Any) -> Mapping[str, Any]:
    """The map, or an empty one where there is none."""
    return value if isinstance(value, dict) else {}


def each(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """One thing, or each of a list, with its place."""
    if isinstance(value, list):
        yield from (((*path, index), item) for index, item in enumerate(value) if not isinstance(item, Broken))
    elif value is not None and not isinstance(value, Broken):
        yield path, value
