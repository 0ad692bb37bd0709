"""The nftables table of a namespace, one for each family: what keeps the networks of a lab apart, and their bridges quiet."""

from __future__ import annotations

from msgspec import Struct

from topo.objects.kind import FIREWALL, NAMESPACE, Key, Kind, Object, Token
from topo.objects.mark import TABLE

INET = "inet"
"""What is routed, or meant for the namespace itself."""
BRIDGE = "bridge"
"""What goes over a bridge, from port to port."""


class Chain(Struct, frozen=True):
    """A base chain, of the type `filter` or `nat`. `rules` are in the words of nft(8), as `nft list` prints them, without
    counters' numbers."""

    name: str
    hook: str
    priority: int
    policy: str
    rules: tuple[str, ...] = ()
    type: str = "filter"


class Firewall(Object, frozen=True, kw_only=True):
    """The table `topo` of a family, replaced as a whole in one transaction."""

    kind = "firewall"
    family: str = INET
    chains: tuple[Chain, ...] = ()

    @property
    def key(self) -> Key:
        return ("firewall", str(self.namespace), self.family)

    @property
    def address(self) -> str:
        return f"{self.owner}/firewall" + (f"/{self.family}" if self.family != INET else "")


def _requires(thing: Firewall) -> tuple[Token, ...]:
    return ((NAMESPACE, str(thing.namespace)),)


def _provides(thing: Firewall) -> tuple[Token, ...]:
    return ((FIREWALL, str(thing.namespace)),)


def _words(before: Firewall | None, after: Firewall | None) -> str:
    thing = after or before
    assert thing is not None
    return f"ip netns exec {thing.namespace} nft {'replace' if after else 'delete'} table {thing.family} {TABLE}"


KIND = Kind(
    name="firewall",
    type=Firewall,
    summary="the nftables table that keeps the networks of a lab apart",
    requires=_requires,
    provides=_provides,
    words=_words,
)
