"""Segment, ports -> a Linux bridge in the fabric, with the gateway's addresses on it, and a veth pair for each container."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from topo.networks.driver import Driver, Port, Segment
from topo.objects import Object
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.neighbour import Neighbour
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
        # What goes out is forwarded by the fabric; what does not, is not, whatever the rules say.
        settings=replace(BASELINE, forwarding=segment.options["uplink"] != "none"),
    )
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


def _attached(segment: Segment, port: Port) -> Iterable[Object]:
    yield Veth(
        namespace=port.namespace,
        owner=port.owner,
        end=End(port.namespace, port.interface, port.mark, port.mac, port.mtu, settings=port.settings),
        peer=End(segment.fabric, port.port, port.port_mark, port.port_mac, port.mtu, master=segment.device, settings=None),
    )
    for gateway in segment.gateways:
        yield Neighbour(namespace=port.namespace, owner=port.owner, interface=port.interface, ip=gateway.bare, mac=segment.mac)


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
        "uplink": {
            "enum": ["none", "nat", "routed"],
            "title": "an uplink",
            "default": "none",
            "description": "how it reaches the outside: nat: by way of the host, with the host's address; routed: with its own"
            " addresses, to which others must know the way",
            "examples": ["nat"],
        },
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
    },
    shared=_shared,
    attached=_attached,
    # BR_MAX_PORTS is 1024, and the kernel keeps port 0 for itself; the rest is room for what people plug in by hand.
    most=1000,
)
