"""A permanent entry of the neighbour table: a gateway and its containers know each other's MAC without asking."""

from __future__ import annotations

from dataclasses import dataclass, replace

from topo.objects.kind import Key, Kind, Names, Object, Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour(Object):
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
        of = f"{self.owner}/{self.interface}" if self.owner.startswith("containers/") else self.owner
        return f"{of}/neighbours/{self.ip}"


def _requires(thing: Neighbour) -> tuple[Token, ...]:
    here = (str(thing.namespace), thing.interface)
    return (("up", *here), ("neighbours", *here))


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
    place=_place,
    renamed=_renamed,
    words=_words,
)
