"""What kinds of network have in common that stand on an interface of the host's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topo.networks.driver import Segment

PARENT: Mapping[str, Any] = {
    "type": "string",
    "title": "an interface's name like eth1",
    "format": "topo-interface",
    "pattern": r"^[^\s/:%]{1,15}$",
    "description": "the interface of the host's that the network is reached by; it must be there, and up",
    "examples": ["eth1"],
    "x-required": True,
}


def parent_of(segment: Segment) -> str:
    """The interface that a network stands on; "" where the file does not say it, which is reported."""
    return str(segment.options.get("parent", ""))
