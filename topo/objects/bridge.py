"""A bridge in the fabric: the layer 2 domain of one network."""

from __future__ import annotations

from msgspec.structs import replace

from topo.objects.kind import FIREWALL, IPV6_ON, LINK, NAME, NAMESPACE, NEIGHBOURS, SYSCTLS, UP, Key, Kind, Object, Token
from topo.objects.settings import BASELINE, Settings


class Bridge(Object, frozen=True, kw_only=True):
    """`mark` is the link's IFLA_GROUP; `ageing_time` is in seconds; `copy` tells links apart that carry one mark."""

    kind = "bridge"
    shown = frozenset({"index"})
    kept = frozenset({"copy"})
    name: str
    mark: int
    mac: str
    mtu: int = 1500
    up: bool = True
    stp: bool = False
    ageing_time: int = 300
    multicast_snooping: bool = False
    vlan_filtering: bool = False
    settings: Settings = BASELINE
    index: int = 0
    copy: str = ""

    @property
    def key(self) -> Key:
        return ("bridge", str(self.namespace), f"{self.mark:#x}", self.copy)

    @property
    def address(self) -> str:
        return self.owner if self.owner.startswith("networks/") else f"{self.owner}/{self.name}"


def _requires(thing: Bridge) -> tuple[Token, ...]:
    return ((NAMESPACE, str(thing.namespace)),)


def _follows(thing: Bridge) -> tuple[Token, ...]:
    # The rules stand before the first bridge is up: no packet ever crosses from one network to another.
    return ((FIREWALL, str(thing.namespace)), (SYSCTLS, str(thing.namespace)))


def _provides(thing: Bridge) -> tuple[Token, ...]:
    namespace, name = str(thing.namespace), thing.name
    up = ((UP, namespace, name),) if thing.up else ()
    ipv6 = ((IPV6_ON, namespace, name),) if thing.settings.ipv6 else ()
    return ((LINK, namespace, name), (NEIGHBOURS, namespace, name), *up, *ipv6)


def _occupies(thing: Bridge) -> tuple[Token, ...]:
    return ((NAME, str(thing.namespace), thing.name),)


def _drops(before: Bridge, after: Bridge) -> tuple[Token, ...]:
    return ((NEIGHBOURS, str(after.namespace), after.name),) if before.mac != after.mac else ()


def _aside(thing: Bridge, token: Token, name: str) -> Bridge:
    return replace(thing, name=name)


def _marking(thing: Bridge, token: Token) -> str:
    return f"ip -n {thing.namespace} link set {thing.name} group {thing.mark}"


def _words(before: Bridge | None, after: Bridge | None) -> str:
    if after is None:
        assert before is not None
        return f"ip -n {before.namespace} link delete {before.name}"
    verb, name = ("add", after.name) if before is None else ("set", before.name)
    renamed = f" name {after.name}" if before and before.name != after.name else ""
    return f"ip -n {after.namespace} link {verb} {name}{renamed} address {after.mac} mtu {after.mtu} up type bridge"


KIND = Kind(
    name="bridge",
    type=Bridge,
    summary="a bridge in the fabric, the layer 2 domain of a network",
    requires=_requires,
    follows=_follows,
    provides=_provides,
    occupies=_occupies,
    drops=_drops,
    if_able={"name": "live-rename"},
    aside=_aside,
    marking=_marking,
    words=_words,
)
