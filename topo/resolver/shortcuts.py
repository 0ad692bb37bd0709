"""Ports that are published by NAT -> their maps in the tables of the host and of the fabric, a rule each for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from ipaddress import ip_address

from topo.lab import NAT, Container, Lab
from topo.networks import version_of
from topo.objects.firewall import Chain
from topo.objects.host import PREFIX, Outlet, Shortcut
from topo.objects.publication import EVERY
from topo.resolver.containers import plugs_of
from topo.resolver.plugs import Plug
from topo.resolver.problems import Problems
from topo.resolver.routes import gateways_of
from topo.resolver.segments import Wired

_MOST = 65535
_LOCAL = "fib daddr type local"


def shortcuts_of(lab: Lab, outlet: Outlet | None, wired: Sequence[Wired], problems: Problems) -> Iterator[Shortcut]:
    """Of the ports for who comes from outside, of the containers that ask for it. What comes from the host itself is the
    forwarder's in any case: NAT knows no way from ::1, and none from 127.0.0.1 without a switch for the whole host."""
    wished = {(port.protocol, port.published) for one in lab.containers for port in one.ports}
    free = {4: _Free(wished), 6: _Free(wished)}
    devices = {*outlet.nat, *outlet.routed} if outlet else set[str]()
    out = {network.segment.name for network in wired if network.segment.device in devices}
    plugs = plugs_of(wired)
    for container in lab.containers:
        outside = [port for port in container.ports if port.host and not ip_address(port.host).is_loopback]
        if container.publish != NAT or not outside:
            continue
        ways = _ways(container, [plug for plug, _ in plugs.get(container.name, ())], out)
        for port in outside:
            if to := ways.get(version_of(str(port.host))):
                inner = free[version_of(to)].take(port.protocol, port.published)
                yield Shortcut(port.protocol, str(port.host), port.published, inner, to, port.target)
            else:
                _tell(container, version_of(str(port.host)), problems)


def _tell(container: Container, version: int, problems: Problems) -> None:
    message = f"`publish: nat` of IPv{version} needs a way out where its default route goes, and {container.name} has none there"
    hint = "write `uplink: nat` at that network, or remove `publish`: the forwarder needs none"
    problems.add((*container.path, "publish"), message, code="publish-nat", hint=hint, given=[container.path])


def _ways(container: Container, plugs: Sequence[Plug], out: Collection[str]) -> Mapping[int, str]:
    """family -> its address where its default route goes, if one can go out there: so answers leave as questions came."""
    written = {version_of(route.to) for route in container.routes if route.to.endswith("/0")}
    ways: dict[int, str] = {}
    for version, (plug, _) in gateways_of(container, plugs).items():
        addresses = [address.bare for address in plug.addresses if address.version == version]
        if addresses and version not in written and plug.network in out:
            ways[version] = addresses[0]
    return ways


class _Free:
    """Ports of the fabric: the same as that of the host where nobody else has it."""

    def __init__(self, wished: set[tuple[str, int]]) -> None:
        self._taken: set[tuple[str, int]] = set()
        self._wished = wished

    def take(self, protocol: str, port: int) -> int:
        last = _MOST
        while (protocol, port) in self._taken:
            port, last = last, last - 1
            while (protocol, port) in self._wished:
                port, last = last, last - 1
        self._taken.add((protocol, port))
        return port


def on_host(published: Sequence[Shortcut], fabric: Mapping[int, str]) -> Iterator[Chain]:
    """fabric: family -> the address of the fabric's end of the uplink. What a lab sends stays out: it is no outsider."""
    rules = [
        f'iifname != "{PREFIX}*" {rule}'
        for word, version in (("ip", 4), ("ip6", 6))
        if version in fabric
        for protocol in ("tcp", "udp")
        for rule in _rules(word, protocol, _of(published, version, protocol), fabric[version])
    ]
    if rules:
        yield Chain(name="published", type="nat", hook="prerouting", priority=-100, policy="accept", rules=tuple(rules))


def _rules(word: str, protocol: str, some: Sequence[Shortcut], fabric: str) -> Iterator[str]:
    wide = {one.port: f"{one.port} : {fabric} . {one.inner}" for one in some if one.host in EVERY}
    single = {(ip_address(one.host).packed, one.port): one for one in some if one.host not in EVERY}
    if single:
        pairs = (f"{one.host} . {one.port} : {fabric} . {one.inner}" for _, one in sorted(single.items()))
        yield f"dnat {word} to {word} daddr . {protocol} dport map {{ {', '.join(pairs)} }}"
    if wide:
        yield f"{_LOCAL} dnat {word} to {protocol} dport map {{ {', '.join(wide[port] for port in sorted(wide))} }}"


def in_fabric(published: Sequence[Shortcut], device: str) -> Iterator[Chain]:
    """The second half of the way: from the fabric to the containers."""
    rules = []
    for word, version in (("ip", 4), ("ip6", 6)):
        for protocol in ("tcp", "udp"):
            some = sorted(_of(published, version, protocol), key=lambda one: one.inner)
            if some:
                pairs = ", ".join(f"{one.inner} : {one.to} . {one.target}" for one in some)
                rules.append(f'iifname "{device}" {_LOCAL} dnat {word} to {protocol} dport map {{ {pairs} }}')
    if rules:
        yield Chain(name="published", type="nat", hook="prerouting", priority=-100, policy="accept", rules=tuple(rules))


def _of(published: Sequence[Shortcut], version: int, protocol: str) -> list[Shortcut]:
    return [one for one in published if version_of(one.to) == version and one.protocol == protocol]
