"""Segment, ports -> an ipvlan for each container, on an interface of the host's: an address of its own, with that one's MAC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from topo.networks.driver import Complaint, Driver, Port, Segment
from topo.networks.parent import PARENT, on_the_same, parent_of, shared, strangers
from topo.objects import Object
from topo.objects.ipvlan import Ipvlan


def _has_macs(options: Mapping[str, Any]) -> bool:
    """All have the parent's."""
    return False


def _attached(segment: Segment, port: Port) -> Iterable[Object]:
    yield Ipvlan(
        namespace=port.namespace,
        owner=port.owner,
        name=port.interface,
        mark=port.mark,
        parent=parent_of(segment),
        mode=segment.options["mode"],
        mtu=port.mtu,
        settings=port.settings,
    )


def _check(segment: Segment, ports: Sequence[Port], earlier: Sequence[Segment]) -> Iterator[Complaint]:
    yield from strangers(segment, earlier)
    for other in on_the_same(segment, earlier):
        if other.driver == segment.driver and other.options["mode"] != segment.options["mode"]:
            message = f"{parent_of(segment)} has one mode for all, and on network {other.name} it is {other.options['mode']}"
            yield Complaint(None, "mode", message, "write the same mode for both, or choose another parent")


DRIVER = Driver(
    name="ipvlan",
    summary="each container has addresses of its own on the network that an interface of the host's is on, with that one's MAC",
    options={
        "parent": PARENT,
        "mode": {
            "enum": ["l2", "l3", "l3s"],
            "title": "a mode",
            "default": "l2",
            "description": "its containers answer ARP as everybody on a network does (l2), or nobody hears of them but who has a"
            " route by the parent's address (l3), which passes the host's netfilter, too (l3s)",
            "examples": ["l3"],
        },
    },
    shared=shared,
    attached=_attached,
    lan=True,
    has_macs=_has_macs,
    check=_check,
)
