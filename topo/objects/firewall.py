"""The one nftables table of a namespace: what keeps the networks of a lab apart."""

from __future__ import annotations

from msgspec import Struct

from topo.objects.kind import FIREWALL, NAMESPACE, Key, Kind, Object, Token
from topo.objects.mark import TABLE


class Chain(Struct, frozen=True):
    """A base chain. `rules` are in the words of nft(8), as `nft list` prints them, without counters' numbers."""

    name: str
    hook: str
    priority: int
    policy: str
    rules: tuple[str, ...] = ()


class Firewall(Object, frozen=True, kw_only=True):
    """Table `inet topo`, replaced as a whole in one transaction."""

    kind = "firewall"
    chains: tuple[Chain, ...] = ()

    @property
    def key(self) -> Key:
        return ("firewall", str(self.namespace))

    @property
    def address(self) -> str:
        return f"{self.owner}/firewall"


def _requires(thing: Firewall) -> tuple[Token, ...]:
    return ((NAMESPACE, str(thing.namespace)),)


def _provides(thing: Firewall) -> tuple[Token, ...]:
    return ((FIREWALL, str(thing.namespace)),)


def _words(before: Firewall | None, after: Firewall | None) -> str:
    thing = after or before
    assert thing is not None
    return f"ip netns exec {thing.namespace} nft {'replace' if after else 'delete'} table inet {TABLE}"


KIND = Kind(
    name="firewall",
    type=Firewall,
    summary="the nftables table that keeps the networks of a lab apart",
    requires=_requires,
    provides=_provides,
    words=_words,
)
