"""A route of a routing table other than `local`."""

from __future__ import annotations

from msgspec.structs import replace

from topo.objects.kind import ADDRESSES, IPV4, IPV6_ON, NAMESPACE, UP, Key, Kind, Names, Object, Token, ip_token

MAIN = 254
KERNEL = 2
"""RTPROT_KERNEL: the route of a connected network, which comes and goes with its address."""
IPV6_METRIC = 1024
"""What the kernel makes of an IPv6 route that names no metric."""


class Route(Object, frozen=True, kw_only=True):
    """`to` is canonical CIDR text, 0.0.0.0/0 and ::/0 for the default routes. `source` is the preferred source address.

    `metric` is what the kernel holds: 0 for IPv4 and 1024 for IPv6 unless named. `protocol`: to show who made a foreign route.
    `copy` tells routes apart that have one key (`ip route append`): how a second one goes, "via 10.0.0.3 dev eth0".
    """

    kind = "route"
    kept = frozenset({"protocol", "copy"})
    to: str
    via: str | None = None
    interface: str | None = None
    type: str = "unicast"
    metric: int = 0
    table: int = MAIN
    tos: int = 0
    source: str | None = None
    protocol: int = 116
    copy: str = ""

    @property
    def key(self) -> Key:
        return ("route", str(self.namespace), str(self.table), self.to, str(self.metric), str(self.tos), self.copy)

    @property
    def address(self) -> str:
        usual = IPV6_METRIC if ":" in self.to else 0
        parts = [
            "default" if self.to == "0.0.0.0/0" else self.to,
            f" metric {self.metric}" if self.metric != usual else "",
            f" table {self.table}" if self.table != MAIN else "",
            f" tos {self.tos}" if self.tos else "",
        ]
        return f"{self.owner}/routes/{''.join(parts)}"


def _requires(thing: Route) -> tuple[Token, ...]:
    here = str(thing.namespace)
    given: list[Token] = [(NAMESPACE, here)]
    if thing.interface:
        given.append((UP, here, thing.interface))
        if ":" in thing.to:
            given.append((IPV6_ON, here, thing.interface))
    if thing.source:
        given.append(ip_token(here, thing.source, thing.interface))
    return tuple(given)


def _avoids(thing: Route) -> tuple[Token, ...]:
    # ip6_route_check_nh: "Gateway can not be a local address". IPv4 takes it for a route without a gateway (fib_check_nh).
    return (ip_token(thing.namespace, thing.via, thing.interface),) if thing.via else ()


def _lost_with(thing: Route) -> tuple[Token, ...]:
    # fib_disable_ip: the last IPv4 address of an interface takes all its IPv4 routes along. IPv6 routes stay.
    ipv4 = thing.interface and ":" not in thing.to
    return ((IPV4, str(thing.namespace), str(thing.interface)),) if ipv4 else ()


def _follows(thing: Route) -> tuple[Token, ...]:
    # A gateway must be on a connected network, which comes with the interface's address.
    return ((ADDRESSES, str(thing.namespace), thing.interface),) if thing.interface else ()


def _place(thing: Route) -> Token:
    return thing.key


def _renamed(thing: Route, names: Names) -> Route:
    name = names.get((str(thing.namespace), str(thing.interface)))
    return replace(thing, interface=name) if name else thing


def _automatic(thing: Route) -> bool:
    return thing.protocol == KERNEL


def _words(before: Route | None, after: Route | None) -> str:
    thing = after or before
    assert thing is not None
    verb = "delete" if after is None else "add" if before is None else "replace"
    kind = f"{thing.type} " if thing.type != "unicast" else ""
    via = f" via {thing.via}" if thing.via else ""
    dev = f" dev {thing.interface}" if thing.interface else ""
    metric = f" metric {thing.metric}" if thing.metric else ""
    return f"ip -n {thing.namespace} route {verb} {kind}{thing.to}{via}{dev}{metric}"


KIND = Kind(
    name="route",
    type=Route,
    summary="a route of a container",
    requires=_requires,
    avoids=_avoids,
    lost_with=_lost_with,
    follows=_follows,
    place=_place,
    # No gateway is something to ask for: a route that had one changes when the file drops it.
    exact=frozenset({"via", "interface", "source"}),
    renamed=_renamed,
    automatic=_automatic,
    words=_words,
)
