"""Segment, ports -> a macvlan for each container, on an interface of the host's: a station of its own on the network outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from topo.networks.driver import Complaint, Driver, Port, Segment
from topo.networks.parent import PARENT, on_the_same, parent_of, shared, strangers
from topo.objects import Object
from topo.objects.macvlan import PASSTHRU, Macvlan


def _has_macs(options: Mapping[str, Any]) -> bool:
    """In passthru the parent's MAC is the container's, and a new one would be the parent's, too."""
    return bool(options["mode"] != PASSTHRU)


def _attached(segment: Segment, port: Port) -> Iterable[Object]:
    yield Macvlan(
        namespace=port.namespace,
        owner=port.owner,
        name=port.interface,
        mark=port.mark,
        parent=parent_of(segment),
        mode=segment.options["mode"],
        passthru=segment.options["mode"] == PASSTHRU,
        mac=port.mac if _has_macs(segment.options) else None,
        mtu=port.mtu,
        settings=port.settings,
    )


def _check(segment: Segment, ports: Sequence[Port], earlier: Sequence[Segment]) -> Iterator[Complaint]:
    alone = segment.options["mode"] == PASSTHRU
    if alone and len(ports) > 1:
        message = f"{len(ports)} containers, and passthru gives the parent to one"
        yield Complaint(None, "mode", message, "leave one of them, or choose another mode: bridge, private, vepa")
    yield from strangers(segment, earlier)
    for other in on_the_same(segment, earlier):
        if other.driver == segment.driver and (alone or other.options["mode"] == PASSTHRU):
            message = f"{parent_of(segment)} is the parent of network {other.name}, too, and passthru lets nobody else have it"
            yield Complaint(None, "parent", message, "choose another parent, or another mode than passthru for both")


DRIVER = Driver(
    name="macvlan",
    summary="each container is a station of its own, with its own MAC, on the network that an interface of the host's is on",
    options={
        "parent": PARENT,
        "mode": {
            "enum": ["bridge", "private", "vepa", PASSTHRU],
            "title": "a mode",
            "default": "bridge",
            "description": "whom its containers reach on the same parent: each other (bridge), nobody (private), or each other"
            " by a switch outside that sends back (vepa); passthru gives the parent itself to one container",
            "examples": ["private"],
        },
    },
    shared=shared,
    attached=_attached,
    lan=True,
    has_macs=_has_macs,
    check=_check,
)
