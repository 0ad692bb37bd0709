"""A permanent entry of the neighbour table: a gateway and its containers know each other's MAC without asking."""

from __future__ import annotations

from msgspec.structs import replace

from topo.objects.kind import IPV4, IPV6_ON, NEIGHBOURS, UP, Key, Kind, Names, Object, Token


class Neighbour(Object, frozen=True, kw_only=True):
    """The kernel's table is one for all namespaces (gc_thresh3, 1024 places); permanent entries do not count."""

    kind = "neighbour"
    interface: str
    ip: str
    mac: str

    @property
    def key(self) -> Key:
        return ("neighbour", str(self.namespace), self.interface, self.ip)

    @property
    def address(self) -> str:
        # A container can be on one network twice, and then knows one gateway on two interfaces.
        of = self.owner if self.owner.startswith("networks/") else f"{self.owner}/{self.interface}"
        return f"{of}/neighbours/{self.ip}"


def _requires(thing: Neighbour) -> tuple[Token, ...]:
    namespace, interface = str(thing.namespace), thing.interface
    given = ((UP, namespace, interface), (NEIGHBOURS, namespace, interface))
    return (*given, (IPV6_ON, namespace, interface)) if ":" in thing.ip else given


def _lost_with(thing: Neighbour) -> tuple[Token, ...]:
    # fib_disable_ip: the last IPv4 address of an interface takes its IPv4 neighbours along (arp_ifdown), permanent or not.
    return () if ":" in thing.ip else ((IPV4, str(thing.namespace), thing.interface),)


def _place(thing: Neighbour) -> Token:
    return thing.key


def _renamed(thing: Neighbour, names: Names) -> Neighbour:
    name = names.get((str(thing.namespace), thing.interface))
    return replace(thing, interface=name) if name else thing


def _words(before: Neighbour | None, after: Neighbour | None) -> str:
    thing = after or before
    assert thing is not None
    verb = "delete" if after is None else "replace"
    return f"ip -n {thing.namespace} neighbour {verb} {thing.ip} lladdr {thing.mac} nud permanent dev {thing.interface}"


KIND = Kind(
    name="neighbour",
    type=Neighbour,
    summary="a permanent neighbour entry between a gateway and a container",
    requires=_requires,
    lost_with=_lost_with,
    place=_place,
    renamed=_renamed,
    words=_words,
)
