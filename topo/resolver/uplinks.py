"""What a lab wants of its way out, and what the host has -> the objects of that way: a free name, free addresses, rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import count

from msgspec.structs import replace

from topo.lab import Lab
from topo.networks import version_of
from topo.networks.way import NAT, ROUTED, way_of
from topo.objects import Key, Object, State, mark
from topo.objects.address import Address
from topo.objects.firewall import Chain
from topo.objects.host import IPV6, PREFIX, UNKNOWN, Host, Outer, Outlet
from topo.objects.names import fabric_of
from topo.objects.neighbour import Neighbour
from topo.objects.route import IPV6_METRIC, Route
from topo.objects.settings import Settings
from topo.objects.sysctl import Sysctl
from topo.objects.uplink import HOST, Uplink
from topo.objects.veth import End
from topo.resolver.naming import Names
from topo.resolver.segments import Wired
from topo.resolver.subnet import Subnet

_RANGES = {4: Subnet.of("198.18.0.0/15"), 6: Subnet.of("fd74:6f70:6f00::/48")}
"""Where the addresses of uplinks come from: RFC 2544 keeps the one for benchmarks, so that hardly anybody's network has it; the
other is of those that everybody may choose (RFC 4193)."""
_LENGTHS = {4: 30, 6: 126}
_ATTEMPTS = 4096
_LONGEST_NAME = 15
_LONGEST_ALIAS = 255
"""IFALIASZ, less the closing zero: all interfaces that a lab made forward must fit."""


def outlet_of(lab: Lab, wired: Sequence[Wired], names: Names) -> Outlet | None:
    """What the networks say together; None when none of them has an uplink."""
    ways = {network.segment.device: way_of(network.segment.options) for network in wired}
    out = [network for network in wired if ways[network.segment.device].routes]
    if not out:
        return None
    routed = [network for network in out if ways[network.segment.device].mode == ROUTED]
    return Outlet(
        lab=lab.name,
        device=names.of_uplink(),
        mtu=max(network.segment.mtu for network in out),
        nat=tuple(sorted(device for device, way in ways.items() if way.mode == NAT)),
        routed=tuple(sorted(device for device, way in ways.items() if way.mode == ROUTED)),
        subnets=tuple(str(subnet) for network in routed for subnet in network.subnets),
        used=tuple(str(subnet) for network in wired for subnet in network.subnets),
        versions=tuple(sorted({gateway.version for network in out for gateway in network.segment.gateways} | {4})),
        open_forward=all(way.open_forward is not False for way in ways.values()),
    )


def objects_of(outlet: Outlet, host: Host = UNKNOWN, own: Uplink | None = None) -> Iterator[Object]:
    """`own`: the lab's uplink as it is. What that has it keeps."""
    fabric, device = fabric_of(outlet.lab), outlet.device
    name = own.end.name if own else _name(outlet.lab, host)
    links = [_link(outlet, version, host, own) for version in outlet.versions]
    macs = _mac(f"uplink:{outlet.lab}"), _mac(f"fabric:{outlet.lab}")
    settings = Settings(forwarding=True, ipv6=6 in outlet.versions)
    group = mark.of_lab(outlet.lab)
    outer = _fitting(outlet.lab, [one for one in host.outer if 6 in outlet.versions or not one.name.startswith(IPV6)])
    forwarding = {one.name for one in outer}
    if any(one.startswith(IPV6) for one in forwarding):
        forwarding.add(IPV6 + name)
    yield Uplink(
        end=End(HOST, name, group, macs[0], outlet.mtu, settings=settings),
        peer=End(fabric, device, group, macs[1], outlet.mtu, settings=settings),
        table=PREFIX + outlet.lab,
        addresses=tuple(link.address(1) for link in links),
        neighbours=tuple(f"{link.bare(2)} {macs[1]}" for link in links),
        routes=tuple(sorted(f"{subnet} via {link.bare(2)}" for link in links for subnet in _of(outlet.subnets, link.version))),
        outer=tuple(sorted(forwarding)),
        opened=tuple(sorted(_opened(outlet, host, name))),
        chains=(*_chains(name, links, outer, host.resolvers), *_published(outlet, links, outer)),
    )
    for link in links:
        yield Address(namespace=fabric, owner=f"lab/{device}", interface=device, ip=link.address(2))
        yield Neighbour(namespace=fabric, interface=device, ip=link.bare(1), mac=macs[0])
        default = ("0.0.0.0/0", 0) if link.version == 4 else ("::/0", IPV6_METRIC)
        yield Route(namespace=fabric, to=default[0], via=link.bare(1), interface=device, metric=default[1])
    if 6 in outlet.versions:
        # Of IPv6 no interface forwards by itself: the switch of its whole namespace decides. This one is the lab's own.
        yield Sysctl(namespace=fabric, name="net.ipv6.conf.all.forwarding", value="1")


def settled(desired: State, actual: State) -> State:
    """The desired state for this host: what it asks for of the way out, with a name and addresses that are free there."""
    outlet = desired.outlet
    if outlet is None:
        return desired
    own = actual.objects.get(("uplink", fabric_of(outlet.lab)))
    new = {thing.key: thing for thing in objects_of(outlet, actual.host, own if isinstance(own, Uplink) else None)}
    old = {thing.key for thing in objects_of(outlet)}
    whole: dict[Key, Object] = {}
    for key, thing in desired.objects.items():
        whole |= new if key in old else {key: thing}
    return replace(desired, objects=whole)


class _Link:
    """The subnet between fabric and host."""

    def __init__(self, subnet: Subnet) -> None:
        self.subnet = subnet
        self.version = subnet.version

    def address(self, number: int) -> str:
        return f"{self.bare(number)}/{_LENGTHS[self.version]}"

    def bare(self, number: int) -> str:
        return self.subnet.assigned(self.subnet.first + number).bare


def _link(outlet: Outlet, version: int, host: Host, own: Uplink | None) -> _Link:
    for address in own.addresses if own else ():
        known = Subnet.of(address)
        if known.version == version and _is_of_range(known) and address == _Link(known).address(1):
            return _Link(known)
    taken = [Subnet.of(text) for text in (*host.taken, *outlet.used) if version == version_of(text)]
    whole, length = _RANGES[version], _LENGTHS[version]
    free = (subnet for subnet in _candidates(outlet.lab, whole, length) if not any(_overlap(subnet, other) for other in taken))
    return _Link(next(free, next(_candidates(outlet.lab, whole, length))))


def _is_of_range(subnet: Subnet) -> bool:
    return _overlap(subnet, _RANGES[subnet.version]) and subnet.last - subnet.first == 3


def _overlap(one: Subnet, other: Subnet) -> bool:
    return one.first <= other.last and other.first <= one.last


def _candidates(lab: str, whole: Subnet, length: int) -> Iterator[Subnet]:
    places = (whole.last - whole.first + 1) // 4
    for attempt in range(_ATTEMPTS):
        at = int.from_bytes(blake2b(f"{lab}#{attempt}".encode(), digest_size=16).digest(), "big") % places
        yield Subnet.of(f"{whole.assigned(whole.first + 4 * at).bare}/{length}")


def _name(lab: str, host: Host) -> str:
    """`topo-shop`, where that fits and nobody has it."""
    wish, attempts = PREFIX + lab, count()
    name = wish
    while len(name) > _LONGEST_NAME or name in host.names:
        digest = blake2b(f"{wish}#{next(attempts)}".encode(), digest_size=3).hexdigest()
        name = f"{wish[: _LONGEST_NAME - 1 - len(digest)]}~{digest}"
    return name


def _fitting(lab: str, outer: Sequence[Outer]) -> list[Outer]:
    """The first of them, as many as a lab can remember."""
    room, found = _LONGEST_ALIAS - len(f"topo {lab}: {IPV6}") - _LONGEST_NAME, []
    for one in outer:
        room -= 0 if one.forwards else len(one.name.encode()) + 1
        if room >= 0 or one.forwards:
            found.append(one)
    return found


def _chains(name: str, links: Sequence[_Link], outer: Sequence[Outer], resolvers: Sequence[str] = ()) -> tuple[Chain, ...]:
    """The rules in the host's namespace. A drop here is final, whatever other tables accept."""
    others = f'oifname "{PREFIX}*"'
    names = _listed(one.name for one in outer)
    switched = _listed(one.name for one in outer if not one.forwards)
    # Where br_netfilter is loaded, frames from port to port of one bridge come by here, and are not the host's to forward.
    bridges = sorted({one.name.removeprefix(IPV6) for one in outer if one.bridge and not one.forwards})
    # What forwards only for labs is no way from one network of the host's to another.
    closed = (f"iifname {{ {switched} }} oifname {{ {names} }} counter drop",) if switched else ()
    closed = (*(f'iifname "{name}" oifname "{name}" accept' for name in bridges), *closed)
    sources = (f"{'ip6' if link.version == 6 else 'ip'} saddr {link.bare(2)}" for link in links)
    return (
        Chain(
            name="input",
            hook="input",
            priority=-10,
            policy="accept",
            # The lab does not talk to services of the host but to one, which it has from its resolv.conf; it answers.
            rules=(
                f'iifname "{name}" ct state established,related accept',
                *_asked(name, [one for one in resolvers if version_of(one) in {link.version for link in links}]),
                f'iifname "{name}" counter drop',
            ),
        ),
        Chain(
            name="forward",
            hook="forward",
            priority=-10,
            policy="accept",
            rules=(f'iifname "{name}" {others} counter drop', *closed),
        ),
        Chain(
            name="nat",
            type="nat",
            hook="postrouting",
            priority=100,
            policy="accept",
            rules=tuple(f'iifname "{name}" {source} masquerade' for source in sources),
        ),
    )


def _published(outlet: Outlet, links: Sequence[_Link], outer: Sequence[Outer]) -> Iterator[Chain]:
    """What comes in; by IPv6 only where the host can forward it."""
    if not outlet.published:
        return
    from topo.resolver.shortcuts import on_host  # which few labs need

    able = {4, 6} if any(one.name.startswith(IPV6) for one in outer) else {4}
    yield from on_host(outlet.published, {link.version: link.bare(2) for link in links if link.version in able})


def _asked(name: str, resolvers: Sequence[str]) -> Iterator[str]:
    for one in resolvers:
        to = f"{'ip6' if ':' in one else 'ip'} daddr {one}"
        yield from (f'iifname "{name}" {to} {protocol} dport 53 accept' for protocol in ("udp", "tcp"))


def _opened(outlet: Outlet, host: Host, name: str) -> Iterator[str]:
    """Both ways in each chain of others that drops, as plain as iptables(8) understands it. An accept elsewhere would not help:
    every chain of a hook has its say."""
    for door in host.doors if outlet.open_forward else ():
        if door.partition(" ")[0] != "ip6" or 6 in outlet.versions:
            yield from (f'{door} {way} "{name}" counter accept' for way in ("iifname", "oifname"))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in sorted({name.removeprefix(IPV6) for name in names}))


def _of(subnets: Sequence[str], version: int) -> list[str]:
    return [subnet for subnet in subnets if version == version_of(subnet)]


def _mac(purpose: str) -> str:
    return f"02:42:{blake2b(purpose.encode(), digest_size=4).digest().hex(':')}"
