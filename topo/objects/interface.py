"""A link that topo does not make: a stray one that carries its mark, or a foreign one that may stand in the way."""

from __future__ import annotations

from topo.objects.kind import LINK, NAME, NAMESPACE, NEIGHBOURS, UP, Key, Kind, Object, Token


class Interface(Object, frozen=True, kw_only=True):
    """Only ever actual. `link_kind` is IFLA_INFO_KIND ("" for hardware). `altnames` occupy names as well."""

    kind = "interface"
    shown = frozenset({"index", "up", "mac", "mtu"})
    name: str
    link_kind: str = ""
    mark: int = 0
    altnames: tuple[str, ...] = ()
    index: int = 0
    up: bool = False
    mac: str = ""
    mtu: int = 0

    @property
    def key(self) -> Key:
        return ("interface", str(self.namespace), self.name)

    @property
    def address(self) -> str:
        # In the fabric it may be called as something else of the lab is: firewall, hosts.
        return f"lab/links/{self.name}" if self.owner == "lab" else f"{self.owner}/{self.name}"


def _requires(thing: Interface) -> tuple[Token, ...]:
    return ((NAMESPACE, str(thing.namespace)),)


def _provides(thing: Interface) -> tuple[Token, ...]:
    here = (str(thing.namespace), thing.name)
    return ((LINK, *here), (UP, *here), (NEIGHBOURS, *here))


def _occupies(thing: Interface) -> tuple[Token, ...]:
    return tuple((NAME, str(thing.namespace), name) for name in (thing.name, *thing.altnames))


def _words(before: Interface | None, after: Interface | None) -> str:
    thing = before or after
    assert thing is not None
    return f"ip -n {thing.namespace} link delete {thing.name}"


KIND = Kind(
    name="interface",
    type=Interface,
    summary="a link that no file can ask for: deleted when it carries topo's mark, left alone when not",
    requires=_requires,
    provides=_provides,
    occupies=_occupies,
    words=_words,
)
