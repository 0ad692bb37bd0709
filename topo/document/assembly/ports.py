"""an entry of a container's `ports` -> Ports, each on its own: a range is as many of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from topo.document.assembly.values import each, known
from topo.document.formats.ports import Ports
from topo.document.report import Report
from topo.lab import Path, Port


def ports(value: Any, path: Path, _: Report) -> tuple[Port, ...]:
    """All of one container, in the order of the file."""
    return tuple(port for place, entry in each(value, path) for port in _ports(entry, place))


def _ports(entry: Any, path: Path) -> Iterator[Port]:
    given = _long(entry) if isinstance(entry, dict) else entry
    if given is not None:
        for published, target in zip(given.published, given.target, strict=True):
            yield Port(published, target, given.protocol, given.host, path)


def _long(entry: dict[str, Any]) -> Ports | None:
    """None where something of it cannot be read, which was said."""
    published, target = known(entry["published"]), known(entry["target"])
    protocol, host = (known(entry.get(key, "tcp" if key == "protocol" else None)) for key in ("protocol", "host_ip"))
    if published is None or target is None or protocol is None or ("host_ip" in entry and host is None):
        return None
    return Ports(range(published, published + 1), range(target, target + 1), protocol, host)
