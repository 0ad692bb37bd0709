"""The way out of a lab: a veth from its fabric to the host's namespace, and all that the lab needs there."""

from __future__ import annotations

from topo.objects.firewall import Chain
from topo.objects.kind import (
    FIREWALL,
    NAME,
    NAMESPACE,
    NEIGHBOURS,
    SYSCTLS,
    Key,
    Kind,
    Object,
    Token,
)
from topo.objects.veth import End, given

HOST = ""
"""What an End calls the host's namespace."""


class Uplink(Object, frozen=True, kw_only=True):
    """One object, so that the host is never half way: the rules stand before the link is up, and go after it is down.

    end: the host's. peer: the fabric's. addresses, neighbours ("198.18.0.2 02:42:00:00:00:01"), routes ("10.0.0.0/24 via
    198.18.0.2"): of the host's end. table: the name of the nftables table of the lab in the host's namespace, and `chains`
    what is in it. outer: the interfaces of the host that must forward, one by one, for answers to come back (see Outer).
    opened: rules of ours in chains of others, each behind its chain: `ip filter DOCKER-USER iifname "topo-shop" counter accept`.
    """

    kind = "uplink"
    end: End
    peer: End
    table: str
    addresses: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    outer: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    chains: tuple[Chain, ...] = ()

    @property
    def key(self) -> Key:
        return ("uplink", self.peer.namespace)

    @property
    def address(self) -> str:
        return f"{self.owner}/uplink"


def _requires(thing: Uplink) -> tuple[Token, ...]:
    return ((NAMESPACE, thing.peer.namespace),)


def _follows(thing: Uplink) -> tuple[Token, ...]:
    return ((FIREWALL, thing.peer.namespace), (SYSCTLS, thing.peer.namespace))


def _provides(thing: Uplink) -> tuple[Token, ...]:
    return tuple(given(thing.peer))


def _occupies(thing: Uplink) -> tuple[Token, ...]:
    return ((NAME, thing.peer.namespace, thing.peer.name),)


def _namespaces(thing: Uplink) -> tuple[str, ...]:
    return (thing.peer.namespace,)


def _drops(before: Uplink, after: Uplink) -> tuple[Token, ...]:
    return ((NEIGHBOURS, after.peer.namespace, after.peer.name),) if before.peer.mac != after.peer.mac else ()


def _words(before: Uplink | None, after: Uplink | None) -> str:
    thing = after or before
    assert thing is not None
    end, peer = thing.end, thing.peer
    if after is None:
        return f"nft delete table inet {thing.table}; ip link delete {end.name}"
    if before is None:
        return (
            f"ip link add {end.name} address {end.mac} mtu {end.mtu} type veth peer {peer.name} netns {peer.namespace}"
            f" address {peer.mac} mtu {peer.mtu}; nft create table inet {thing.table}"
        )
    return f"change {thing.address}: ip link set {end.name} ..."


_MADE_WITH_IT = "the two ends are made together, and what is on them goes by their names"

KIND = Kind(
    name="uplink",
    type=Uplink,
    summary="the way out: a veth from the fabric to the host's namespace, with rules, addresses and forwarding there",
    requires=_requires,
    follows=_follows,
    provides=_provides,
    occupies=_occupies,
    namespaces=_namespaces,
    drops=_drops,
    replaced={"end.name": _MADE_WITH_IT, "peer.name": _MADE_WITH_IT, "table": "a table has one name"},
    exact=frozenset({"end.master", "peer.master"}),
    words=_words,
)
