"""Lab, seats -> every network with everything decided: what its driver is given, and what routes and names are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from topo.lab import Lab, Network, Pair, Path
from topo.networks import DRIVERS, Assigned, Driver, Port, Segment
from topo.networks.way import way_of
from topo.objects.namespace import fabric_of, namespace_of
from topo.resolver.addressing import addresses_of
from topo.resolver.gateways import gateways_of
from topo.resolver.macs import SeatMacs, link_local, macs_of
from topo.resolver.naming import Marks, Names
from topo.resolver.options import check_options
from topo.resolver.problems import Problems
from topo.resolver.seats import Seat, Seats
from topo.resolver.subnet import Subnet
from topo.resolver.subnets import subnets_of
from topo.resolver.sysctls import SettingsOf

DEFAULT_MTU = 1500
IPV6_MIN_MTU = 1280
"""Below it the kernel takes IPv6 off an interface (addrconf_notify)."""


class Wired(Struct, frozen=True):
    """A network, its subnets, a port for each of its seats, and who on it is impaired."""

    driver: Driver
    segment: Segment
    subnets: Sequence[Subnet]
    seats: Sequence[Seat]
    ports: Sequence[Port]
    path: Path
    pairs: Sequence[Pair] = ()


def segments_of(
    lab: Lab, seats: Seats, names: Names, marks: Marks, settings: Mapping[str, SettingsOf], problems: Problems
) -> list[Wired]:
    """In the order of the document."""
    subnets = subnets_of(lab, problems)
    wired: list[Wired] = []
    for network in lab.networks:
        if network.name not in seats:
            continue
        mine, ranges = seats[network.name], subnets[network.name]
        driver = DRIVERS[network.driver]
        lan = driver.is_lan(network.options)
        gateways = gateways_of(network, ranges, problems, lan=lan)
        addresses = addresses_of(network.name, ranges, gateways, mine if ranges else (), problems, lan=lan) or [()] * len(mine)
        device_mac, macs = macs_of(network, mine, addresses, problems, lan_of=lab.name if lan else None)
        on_device = tuple(subnet.assigned(value) for subnet, value in zip(ranges, gateways, strict=True) if value is not None)
        segment = _segment(lab, network, names, marks, device_mac, on_device)
        defaults = _defaults(driver.attachment_options)
        ports = [
            _port(lab, segment, seat, given, own, names, marks, settings[seat.container.name], defaults)
            for seat, given, own in zip(mine, addresses, macs, strict=True)
        ]
        if any(subnet.version == 6 for subnet in ranges):
            _check_mtus(network, mine, problems)
        earlier = [other.segment for other in wired]
        check_options(driver, network, segment, mine, ports, earlier, problems)
        wired.append(Wired(driver, segment, ranges, mine, ports, _path(network, mine), network.pairs))
    return wired


def goes_out(network: Wired) -> bool:
    """Whether it has an uplink."""
    return way_of(network.segment.options).leads_out


def ipv6_address_of(mac: str, addresses: Sequence[Assigned]) -> Assigned | None:
    """The fe80:: address of an interface with these addresses: one with IPv6 has it."""
    return link_local(mac) if 6 in [address.version for address in addresses] else None


def _path(network: Network, seats: Sequence[Seat]) -> Path:
    """Where the document asks for the network: one that is not declared, by the first container on it."""
    return ("networks", network.name) if network.declared or not seats else seats[0].container.path


def _segment(lab: Lab, network: Network, names: Names, marks: Marks, mac: str, gateways: tuple[Assigned, ...]) -> Segment:
    return Segment(
        name=network.name,
        owner=f"networks/{network.name}",
        fabric=fabric_of(lab.name),
        device=names.of_networks[network.name],
        mark=marks.of_networks[network.name],
        mac=mac,
        mtu=network.mtu or DEFAULT_MTU,
        gateways=gateways,
        link_local=None if DRIVERS[network.driver].is_lan(network.options) else ipv6_address_of(mac, gateways),
        driver=network.driver,
        plug=names.of_plug(lab.name, network.name) if way_of(network.options).bridge else ("", ""),
        options={**_defaults(DRIVERS[network.driver].options), **network.options},
    )


def _port(
    lab: Lab,
    segment: Segment,
    seat: Seat,
    addresses: tuple[Assigned, ...],
    macs: SeatMacs,
    names: Names,
    marks: Marks,
    settings: SettingsOf,
    defaults: Mapping[str, Any],
) -> Port:
    container, attachment = seat.container.name, seat.attachment
    return Port(
        container=container,
        owner=f"containers/{container}",
        namespace=namespace_of(lab.name, container),
        interface=seat.interface,
        mark=marks.of_attachment(seat),
        mac=macs.own,
        mtu=attachment.mtu or segment.mtu,
        port=names.of_port(seat),
        port_mark=marks.of_ports,
        port_mac=macs.port,
        addresses=addresses,
        link_local=ipv6_address_of(macs.own, addresses),
        settings=settings(seat.interface),
        options={**defaults, **attachment.options},
        given=frozenset(attachment.options) | ({"mac"} if attachment.mac else set()),
    )


def _defaults(schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {key: schema["default"] for key, schema in schemas.items() if "default" in schema}


def _check_mtus(network: Network, seats: Sequence[Seat], problems: Problems) -> None:
    hint = f"IPv6 needs {IPV6_MIN_MTU}: raise it, or leave out the IPv6 subnet"
    told: list[tuple[int | None, Path]] = [(network.mtu, ("networks", network.name, "mtu"))]
    told += [(seat.attachment.mtu, (*seat.attachment.path, "mtu")) for seat in seats]
    for mtu, path in told:
        if mtu is not None and mtu < IPV6_MIN_MTU:
            problems.add(path, f"an MTU of {mtu} on network {network.name}, which has IPv6", code="mtu-ipv6", hint=hint)
