"""The interface lo of a namespace: it comes with the namespace, down, and is brought up."""

from __future__ import annotations

from topo.objects.kind import IPV6_ON, LINK, NAMESPACE, UP, Key, Kind, Object, Token
from topo.objects.settings import BASELINE, Settings


class Loopback(Object, frozen=True, kw_only=True):
    """It carries no mark: it is ours because its namespace is."""

    kind = "loopback"
    up: bool = True
    settings: Settings = BASELINE

    @property
    def key(self) -> Key:
        return ("loopback", str(self.namespace))

    @property
    def address(self) -> str:
        return f"{self.owner}/lo"


def _requires(thing: Loopback) -> tuple[Token, ...]:
    return ((NAMESPACE, str(thing.namespace)),)


def _provides(thing: Loopback) -> tuple[Token, ...]:
    namespace = str(thing.namespace)
    up = ((UP, namespace, "lo"),) if thing.up else ()
    ipv6 = ((IPV6_ON, namespace, "lo"),) if thing.settings.ipv6 else ()
    return ((LINK, namespace, "lo"), *up, *ipv6)


def _words(before: Loopback | None, after: Loopback | None) -> str:
    thing = after or before
    assert thing is not None
    return f"ip -n {thing.namespace} link set lo {'up' if after and after.up else 'down'}"


KIND = Kind(
    name="loopback",
    type=Loopback,
    summary="the interface lo of a namespace",
    requires=_requires,
    provides=_provides,
    words=_words,
)
