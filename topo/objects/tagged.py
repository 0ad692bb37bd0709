"""An interface of the host's that has one VLAN of another: `eth1.100`. Made when it is missing; labs share it."""

from __future__ import annotations

from topo.objects.kind import LINK, NAME, UP, Key, Kind, Object, Token


class Tagged(Object, frozen=True, kw_only=True):
    """It stands in the host's namespace. Which labs need it is written in their folders; whoever is the last takes it away, if
    topo has made it."""

    kind = "tagged"
    name: str
    parent: str
    tag: int
    up: bool = True

    @property
    def key(self) -> Key:
        return ("tagged", self.name)

    @property
    def address(self) -> str:
        return f"lab/parents/{self.name}"


def _provides(thing: Tagged) -> tuple[Token, ...]:
    up = ((UP, "", thing.name),) if thing.up else ()
    return ((LINK, "", thing.name), *up)


def _occupies(thing: Tagged) -> tuple[Token, ...]:
    return ((NAME, "", thing.name),)


def _words(before: Tagged | None, after: Tagged | None) -> str:
    if after is None:
        assert before is not None
        return f"ip link delete {before.name}  # if no other lab needs it"
    if before is None:
        return f"ip link add link {after.parent} name {after.name} up type vlan id {after.tag}"
    return f"ip link set {after.name} {'up' if after.up else 'down'}"


KIND = Kind(
    name="tagged",
    type=Tagged,
    summary="an interface of the host's that has one VLAN of another; labs share it",
    provides=_provides,
    occupies=_occupies,
    replaced={"parent": "it is in its name", "tag": "it is in its name"},
    words=_words,
)
