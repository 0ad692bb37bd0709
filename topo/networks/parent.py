"""What kinds of network have in common that stand on an interface of the host's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from topo.networks.driver import Complaint, Port, Segment
from topo.objects import Object
from topo.objects.names import split_tag
from topo.objects.tagged import Tagged

PARENT: Mapping[str, Any] = {
    "type": "string",
    "title": "an interface's name like eth1",
    "format": "topo-interface",
    "pattern": r"^[^\s/:%]{1,15}$",
    "description": "the interface of the host's that the network is reached by; it must be there, and up. eth1.100,"
    " with VLAN 100 of eth1, is made when it is missing, and goes with the last lab",
    "examples": ["eth1", "eth1.100"],
    "x-required": True,
}


def parent_of(segment: Segment) -> str:
    """The interface that a network stands on; "" where the file does not say it, which is reported."""
    return str(segment.options.get("parent", ""))


def shared(segment: Segment, ports: Sequence[Port]) -> Iterator[Object]:
    """The parent, where topo makes it when it is missing. It is nobody's network's: several may stand on it."""
    parts = split_tag(parent_of(segment))
    if parts:
        yield Tagged(owner="lab", name=parent_of(segment), parent=parts[0], tag=parts[1])


def on_the_same(segment: Segment, earlier: Sequence[Segment]) -> list[Segment]:
    """The networks that come before and stand on the same parent."""
    return [other for other in earlier if parent_of(other) == parent_of(segment) != ""]


def strangers(segment: Segment, earlier: Sequence[Segment]) -> Iterator[Complaint]:
    """An interface has one handler of what it receives (netdev_rx_handler_register): links of two kinds it cannot bear."""
    for other in on_the_same(segment, earlier):
        if other.driver != segment.driver:
            message = f"{parent_of(segment)} is the parent of network {other.name}, too, which is of the driver {other.driver}"
            yield Complaint(None, "parent", message, "choose another parent, or the same driver for both")
