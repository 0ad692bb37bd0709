"""Segment, ports -> a Linux bridge in the fabric, with the gateway's addresses on it, and a veth pair for each container."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from topo.networks.driver import Complaint, Driver, Port, Segment
from topo.networks.way import UPLINK, complaints, way_of
from topo.objects import Object, mark, vlans
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.neighbour import Neighbour
from topo.objects.patch import Patch
from topo.objects.settings import BASELINE
from topo.objects.veth import End, Veth


def _shared(segment: Segment, ports: Sequence[Port]) -> Iterator[Object]:
    yield Bridge(
        namespace=segment.fabric,
        owner=segment.owner,
        name=segment.device,
        mark=segment.mark,
        mac=segment.mac,
        mtu=segment.mtu,
        stp=segment.options["stp"],
        ageing_time=segment.options["ageing_time"],
        multicast_snooping=segment.options["multicast_snooping"],
        vlan_filtering=segment.options["vlan_filtering"],
        # What goes out is forwarded by the fabric; what does not, is not, whatever the rules say.
        settings=replace(BASELINE, forwarding=way_of(segment.options).routes),
    )
    if _is_lan(segment.options):
        yield _patch(segment)
        return
    for given in (*segment.gateways, *([segment.link_local] if segment.link_local else [])):
        yield Address(
            namespace=segment.fabric, owner=segment.owner, interface=segment.device, ip=given.ip, broadcast=given.broadcast
        )
    # Only who has an address asks for neighbours: without a gateway of the family, the bridge never looks one up.
    versions = {gateway.version for gateway in segment.gateways}
    for port in ports:
        for given in port.addresses:
            if given.version in versions:
                yield Neighbour(
                    namespace=segment.fabric, owner=segment.owner, interface=segment.device, ip=given.bare, mac=port.mac
                )


def _is_lan(options: Mapping[str, Any]) -> bool:
    return bool(way_of(options).bridge)


def _patch(segment: Segment) -> Patch:
    """A gateway is a router there: nothing of the lab's has an address."""
    return Patch(
        owner=segment.owner,
        fabric=segment.fabric,
        name=segment.plug[0],
        mark=mark.second(segment.mark),
        mtu=segment.mtu,
        master=segment.device,
        far=segment.plug[1],
        bridge=way_of(segment.options).bridge,
    )


def _attached(segment: Segment, port: Port) -> Iterable[Object]:
    yield Veth(
        namespace=port.namespace,
        owner=port.owner,
        end=End(port.namespace, port.interface, port.mark, port.mac, port.mtu, settings=port.settings),
        peer=End(
            segment.fabric,
            port.port,
            port.port_mark,
            port.port_mac,
            port.mtu,
            master=segment.device,
            isolated=port.options.get("isolated", False),
            hairpin=port.options.get("hairpin", False),
            vlans=_vlans(segment, port),
            settings=None,
        ),
    )
    for gateway in () if _is_lan(segment.options) else segment.gateways:
        yield Neighbour(namespace=port.namespace, owner=port.owner, interface=port.interface, ip=gateway.bare, mac=segment.mac)


def _vlans(segment: Segment, port: Port) -> str:
    if not segment.options["vlan_filtering"]:
        return ""
    if "trunk" in port.options:
        return vlans.trunk(tuple(port.options["trunk"]))
    return vlans.access(port.options.get("vlan", 1))


def _check(segment: Segment, ports: Sequence[Port], earlier: Sequence[Segment]) -> Iterator[Complaint]:
    yield from complaints(segment, earlier)
    for port in ports:
        for key in ("vlan", "trunk"):
            if key in port.given and not segment.options["vlan_filtering"]:
                message = f"network {segment.name} does not look at VLANs"
                yield Complaint(port, key, message, f"write networks.{segment.name}.vlan_filtering: true")
        if {"vlan", "trunk"} <= port.given:
            message = f"{port.container} is in one VLAN without tags (vlan), or in several with tags (trunk)"
            yield Complaint(port, "trunk", message, "remove one of the two")


DRIVER = Driver(
    name="bridge",
    summary="a Linux bridge of the lab's own: all containers on it see each other, and nobody else",
    options={
        "stp": {
            "type": "boolean",
            "default": False,
            "description": "whether the bridge speaks the spanning tree protocol; a new port then waits before it forwards",
            "examples": [True],
        },
        "uplink": UPLINK,
        "ageing_time": {
            "type": "integer",
            "minimum": 0,
            "maximum": 1000000,
            "default": 300,
            "description": "seconds after which the bridge forgets a MAC that it has not heard of; 0 makes it a hub",
            "examples": [30],
            "x-duration": True,
        },
        "multicast_snooping": {
            "type": "boolean",
            "default": False,
            "description": "whether the bridge sends multicast only to the ports that asked for it (IGMP, MLD)",
            "examples": [True],
        },
        "vlan_filtering": {
            "type": "boolean",
            "default": False,
            "description": "whether the bridge keeps VLANs apart; whoever names none, and the gateway, is in VLAN 1",
            "examples": [True],
        },
    },
    attachment_options={
        "isolated": {
            "type": "boolean",
            "default": False,
            "description": "on a bridge: whether it reaches those only that are not isolated, and the gateway",
            "examples": [True],
        },
        "hairpin": {
            "type": "boolean",
            "default": False,
            "description": "on a bridge: whether a frame that it sends may come back to it",
            "examples": [True],
        },
        "vlan": {
            "type": "integer",
            "title": "a VLAN",
            "minimum": 1,
            "maximum": 4094,
            "description": "on a bridge with `vlan_filtering`: the VLAN that it is in, without a tag; else it is in VLAN 1",
            "examples": [10],
        },
        "trunk": {
            "type": "array",
            "title": "a list of VLANs",
            "items": {
                "type": ["integer", "string"],
                "title": "a VLAN or a range like 20-30",
                "format": "topo-vlans",
                "pattern": "^[0-9]{1,4}(-[0-9]{1,4})?$",
            },
            "minItems": 1,
            "description": "on a bridge with `vlan_filtering`: the VLANs that it has with their tags; it has nothing without",
            "examples": [[10, "20-30"]],
        },
    },
    shared=_shared,
    attached=_attached,
    check=_check,
    lan_if=_is_lan,
    ports=True,
    # BR_MAX_PORTS is 1024, and the kernel keeps port 0 for itself; the rest is room for what people plug in by hand.
    most=1000,
)
