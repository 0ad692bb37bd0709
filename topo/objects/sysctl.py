"""A kernel setting of a namespace that a file asks for, or that isolation needs."""

from __future__ import annotations

from topo.objects.kind import LINK, NAMESPACE, SYSCTLS, Key, Kind, Object, Token


class Sysctl(Object, frozen=True, kw_only=True):
    """`name` as sysctl(8) writes it: net.ipv4.ip_forward, net.ipv4.conf.eth0/100.rp_filter for an interface with a dot.

    `value`: white space is folded. Deleting one gives it back the value that a new namespace has.
    """

    kind = "sysctl"
    name: str
    value: str

    @property
    def key(self) -> Key:
        return ("sysctl", str(self.namespace), self.name)

    @property
    def address(self) -> str:
        return f"{self.owner}/sysctls/{self.name}"

    @property
    def interface(self) -> str | None:
        """The interface that it belongs to: eth0 of net.ipv4.conf.eth0.rp_filter; None for all others."""
        parts = self.name.split(".")
        per_interface = len(parts) > 4 and parts[0] == "net" and parts[2] in ("conf", "neigh")
        return parts[3].replace("/", ".") if per_interface and parts[3] not in ("all", "default") else None


def _requires(thing: Sysctl) -> tuple[Token, ...]:
    link = ((LINK, str(thing.namespace), thing.interface),) if thing.interface else ()
    return ((NAMESPACE, str(thing.namespace)), *link)


def _provides(thing: Sysctl) -> tuple[Token, ...]:
    # What holds for interfaces to come is set before they come.
    return () if thing.interface else ((SYSCTLS, str(thing.namespace)),)


def _words(before: Sysctl | None, after: Sysctl | None) -> str:
    thing = after or before
    assert thing is not None
    value = after.value if after else "DEFAULT"
    return f"ip netns exec {thing.namespace} sysctl -w {thing.name}={value!r}"


KIND = Kind(
    name="sysctl",
    type=Sysctl,
    summary="a sysctl of a container, or of the fabric",
    requires=_requires,
    provides=_provides,
    words=_words,
)
