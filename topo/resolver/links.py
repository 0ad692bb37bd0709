"""Lab -> cables between two containers: a veth pair each, the addresses of its ends, MACs of the document alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from topo.lab import Endpoint, Lab, Link, Path
from topo.networks import Assigned, version_of
from topo.objects import mark as marking
from topo.objects.namespace import namespace_of
from topo.objects.veth import End, Veth
from topo.resolver.macs import Macs
from topo.resolver.naming import Marks
from topo.resolver.plugs import Plug
from topo.resolver.problems import Problems
from topo.resolver.segments import DEFAULT_MTU, IPV6_MIN_MTU, ipv6_address_of
from topo.resolver.subnet import Subnet, number, words
from topo.resolver.sysctls import SettingsOf


class Cable(Struct, frozen=True):
    """A link with everything decided: the veth pair, and both ends in the order of the document."""

    link: Link
    veth: Veth
    plugs: tuple[Plug, Plug]


def cables_of(lab: Lab, marks: Marks, settings: Mapping[str, SettingsOf], problems: Problems) -> list[Cable]:
    """In the order of the document."""
    return [
        _cable(lab.name, link, ordinal, marks, settings, problems)
        for link, ordinal in zip(lab.links, _ordinals(lab), strict=True)
    ]


def _ordinals(lab: Lab) -> Iterator[int]:
    """For each link, how many links before it join the same two containers."""
    seen: dict[tuple[str, ...], int] = {}
    for link in lab.links:
        pair = tuple(sorted(end.container for end in link.endpoints))
        yield seen.get(pair, 0)
        seen[pair] = seen.get(pair, 0) + 1


def _cable(lab: str, link: Link, ordinal: int, marks: Marks, settings: Mapping[str, SettingsOf], problems: Problems) -> Cable:
    one, other = link.endpoints
    given = _addresses(link, problems)
    macs = _macs(link, ordinal, problems)
    _check_mtu(link, (*given[0], *given[1]), problems)
    mtu = link.mtu or DEFAULT_MTU
    mark = marks.of_link(one.container, other.container, ordinal)
    ends = [
        End(
            namespace_of(lab, end.container),
            end.interface,
            own_mark,
            mac,
            mtu,
            link.up,
            settings=settings[end.container](end.interface),
        )
        for end, own_mark, mac in zip(link.endpoints, (mark, marking.second(mark)), macs, strict=True)
    ]
    low, high = ends if ends[0].namespace <= ends[1].namespace else reversed(ends)
    veth = Veth(namespace=low.namespace, owner=f"containers/{one.container}", end=low, peer=high)
    first, second = (
        Plug(end.container, end.interface, addresses, ipv6_address_of(mac, addresses), end.path, mtu, sent, link.up)
        for end, addresses, mac, sent in zip(link.endpoints, given, macs, (link.forward, link.reverse), strict=True)
    )
    return Cable(link, veth, (first, second))


def _macs(link: Link, ordinal: int, problems: Problems) -> list[str]:
    macs = Macs(problems)
    pair = "--".join(sorted(end.container for end in link.endpoints))
    named = [macs.named(end.mac, (*end.path, "mac")) if end.mac else None for end in link.endpoints]
    return [mac or macs.hashed(f"link:{pair}#{ordinal}:{end.container}") for end, mac in zip(link.endpoints, named, strict=True)]


def _check_mtu(link: Link, addresses: Sequence[Assigned], problems: Problems) -> None:
    if link.mtu is not None and link.mtu < IPV6_MIN_MTU and any(address.version == 6 for address in addresses):
        hint = f"IPv6 needs {IPV6_MIN_MTU}: raise it, or leave out the IPv6 addresses"
        problems.add((*link.path, "mtu"), f"an MTU of {link.mtu} on a link with IPv6", code="mtu-ipv6", hint=hint)


def _addresses(link: Link, problems: Problems) -> tuple[tuple[Assigned, ...], tuple[Assigned, ...]]:
    """Of both ends: those that they name, and in each subnet the lowest free one for an end that names none there."""
    subnets = [Subnet.of(text, problems.item((*link.path, "subnet"), position)) for position, text in enumerate(link.subnets)]
    taken: dict[tuple[int, int], Path] = {}
    named = [_named(link, end, subnets, taken, problems) for end in link.endpoints]
    for at, subnet in enumerate(subnets):
        values = range(subnet.lowest, subnet.highest + 1)
        free = (value for value in values if (subnet.version, value) not in taken)
        for mine, address in zip((mine for mine in named if at not in mine), free, strict=False):
            mine[at] = subnet.assigned(address)
    first, second = (tuple(mine[at] for at in sorted(mine)) for mine in named)
    return first, second


def _named(
    link: Link, end: Endpoint, subnets: Sequence[Subnet], taken: dict[tuple[int, int], Path], problems: Problems
) -> dict[int, Assigned]:
    """position of the subnet (past the last one: the end's own) -> the address that the end names in it."""
    mine: dict[int, Assigned] = {}
    for position, text in enumerate(end.addresses):
        path = problems.item((*end.path, "address"), position)
        bare, slash, _ = text.partition("/")
        version, value = version_of(text), number(bare)
        at = next((at for at, subnet in enumerate(subnets) if subnet.version == version and value in subnet), None)
        own = Subnet.of(text, path) if slash else None
        subnet = own if at is None else subnets[at]
        if subnet is None or (at is None and subnets):
            _tell_outside(link, text, subnets, path, problems)
        elif at is not None and own is not None and own.prefix != subnet.prefix:
            message = f"{text} has another prefix length than the link's subnet, {subnet} ({problems.at(subnet.path)})"
            problems.add(path, message, code="address-prefix", hint=f"write {words(version, value)}")
        elif reason := subnet.unusable(value):
            hint = f"choose another one of {subnet.hosts}"
            problems.add(path, f"{bare} is {reason} of {subnet}", code="address-unusable", hint=hint)
        elif (version, value) in taken:
            message = f"{bare} is taken already ({problems.at(taken[version, value])})"
            problems.add(path, message, code="address-twice", hint=f"choose another one of {subnet.hosts}")
        elif at is not None and at in mine:
            message = f"{bare} is a second address of this interface in {subnet}"
            problems.add(path, message, code="address-second", hint="name at most one address a subnet")
        else:
            taken[version, value] = path
            mine[len(subnets) + position if at is None else at] = subnet.assigned(value)
    return mine


def _tell_outside(link: Link, text: str, subnets: Sequence[Subnet], path: Path, problems: Problems) -> None:
    if not subnets:
        hint = f"write {text}/{'64' if ':' in text else '24'}, or give the link a `subnet`"
        problems.add(
            path, f"{text} has no prefix length, and the link no subnet", code="address-prefix", hint=hint, given=[link.path]
        )
        return
    places = ", ".join(f"{subnet} ({problems.at(subnet.path)})" for subnet in subnets)
    same = [subnet.hosts for subnet in subnets if subnet.version == version_of(text)]
    hint = f"choose one of {same[0]}" if same else "add a subnet of its family to the link"
    problems.add(
        path, f"{text} is outside the subnet of the link, {places}", code="address-outside", hint=hint, given=[link.path]
    )
