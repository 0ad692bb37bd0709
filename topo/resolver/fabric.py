"""Lab -> its fabric: the namespace that its networks share, and the rules that keep them apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from topo.objects import Object
from topo.objects.bridge import Bridge
from topo.objects.firewall import BRIDGE, Chain, Firewall
from topo.objects.host import Outlet
from topo.objects.loopback import Loopback
from topo.objects.namespace import Namespace, fabric_of
from topo.objects.sysctl import Sysctl

_SYSCTLS = {
    # Else the fabric answers ARP for the gateway of one network on the bridge of another (the weak host model).
    "net.ipv4.conf.all.arp_ignore": "1",
    # A container is no router that the fabric would believe.
    "net.ipv6.conf.all.accept_ra": "0",
    "net.ipv6.conf.default.accept_ra": "0",
    # IN6_ADDR_GEN_MODE_NONE: the ports of a bridge get no fe80:: address.
    "net.ipv6.conf.default.addr_gen_mode": "1",
    # Nor any IPv6 at all, of which each would make every other dearer: multicast groups, and routes in one table for them.
    "net.ipv6.conf.default.disable_ipv6": "1",
}

_CHAINS = (
    Chain(
        name="pre",
        hook="prerouting",
        priority=-300,
        policy="accept",
        rules=(
            'iif "lo" accept',
            # The source is not of the network that it came from: stops what would be reflected by the own gateway.
            "fib saddr . iif oif missing counter drop",
        ),
    ),
    Chain(
        name="input",
        hook="input",
        priority=0,
        policy="accept",
        rules=(
            'iif "lo" accept',
            # `!= local drop` alone would end IPv6 neighbour discovery, which asks by multicast.
            "fib daddr . iif type { local, broadcast, multicast, anycast } accept",
            # An address of another network: the fabric has it, on another bridge.
            "counter drop",
        ),
    ),
    Chain(
        name="forward",
        hook="forward",
        priority=0,
        policy="drop",
        rules=(
            "ct state established,related accept",
            # Frames from port to port of one bridge, seen here only where br_netfilter shows them.
            "fib daddr . iif oif exists accept",
            "fib daddr . iif type { broadcast, multicast } accept",
            "counter",
        ),
    ),
)
"""Constant in size: no rule names a network. Each sentence of it stops an attack that was tried."""


_QUIET = Chain(
    name="quiet",
    hook="prerouting",
    priority=-300,
    policy="accept",
    rules=tuple(
        f"ether daddr 33:33:00:00:00:16 {records} drop"
        for records in ("@nh,432,16 0x1 @nh,480,16 0xff02", "@nh,432,16 0x2 @nh,464,32 0xff02 @nh,640,16 0xff02")
    ),
)
"""Ends reports (RFC 3810) of one group, or of two, whose scope is the link. A bridge that does not snoop sends each report to all
its ports, and an interface with IPv6 makes three in the second after it comes up: of a thousand containers, three million packets
of which nobody makes anything, since no router forwards a group of this scope."""


def quiet(lab: str, shared: Collection[Object], *, outside: bool = False) -> Iterator[Object]:
    """What keeps the bridges of a lab with IPv6 quiet, of the objects of its networks: nothing where one of them snoops.

    outside: a bridge of the lab's is plugged into one of the host's: nothing then, either.
    """
    bridges = [thing for thing in shared if isinstance(thing, Bridge)]
    # On a network outside a bridge that snoops must hear of the groups by which neighbours are asked for (ff02::1:ff00:0/104).
    if bridges and not outside and not any(bridge.multicast_snooping for bridge in bridges):
        yield Firewall(namespace=fabric_of(lab), family=BRIDGE, chains=(_QUIET,))


def fabric_objects(lab: str, outlet: Outlet | None = None) -> Iterator[Object]:
    """What every lab has, with networks or without."""
    fabric = fabric_of(lab)
    yield Namespace(name=fabric)
    yield Loopback(namespace=fabric)
    for name, value in _SYSCTLS.items():
        yield Sysctl(namespace=fabric, name=name, value=value)
    yield Firewall(namespace=fabric, chains=_opened(outlet) if outlet else _CHAINS)


def _opened(outlet: Outlet) -> tuple[Chain, ...]:
    """The same, with the way out for the networks that have one, and for no other."""
    pre, entry, forward = _CHAINS
    out = f'oifname "{outlet.device}"'
    # Nobody comes in by it to the fabric itself; nor is what comes in sent back.
    entry = replace(entry, rules=(entry.rules[0], *_answers(outlet.device), *entry.rules[1:]))
    ways = [f"iifname {_names(*outlet.nat, *outlet.routed)} {out} accept"]
    if outlet.routed:
        ways.append(f'iifname "{outlet.device}" oifname {_names(*outlet.routed)} accept')
    published = _published(outlet)
    if published:
        ways.append(f'iifname "{outlet.device}" ct status dnat accept')
    first, *others, count = forward.rules
    forward = replace(forward, rules=(first, f'iifname "{outlet.device}" {out} counter drop', *others, *ways, count))
    # Here, because the networks of two labs may have the same addresses, which the host must never see. Without a rule, too: with
    # its last chain of NAT a namespace forgets how it translates the connections that there are (nf_nat_unregister_fn).
    rules = (f"iifname {_names(*outlet.nat)} {out} masquerade",) if outlet.nat else ()
    nat = Chain(name="nat", type="nat", hook="postrouting", priority=100, policy="accept", rules=rules)
    return pre, entry, forward, nat, *published


def _published(outlet: Outlet) -> tuple[Chain, ...]:
    """What the host leads here, and where it goes from here."""
    if not outlet.published:
        return ()
    from topo.resolver.shortcuts import in_fabric  # which few labs need

    return tuple(in_fabric(outlet.published, outlet.device))


def _answers(device: str) -> tuple[str, str]:
    return f'iifname "{device}" ct state established,related accept', f'iifname "{device}" counter drop'


def _names(*devices: str) -> str:
    return "{ " + ", ".join(f'"{device}"' for device in sorted(devices)) + " }"
