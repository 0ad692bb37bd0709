"""A named network namespace: a container, or the fabric of a lab."""

from __future__ import annotations

from dataclasses import dataclass, field

from topo.objects.kind import Key, Kind, Object, Token

PREFIX = "topo."


def fabric_of(lab: str) -> str:
    """The namespace that holds what a lab shares: `topo.shop`."""
    return PREFIX + lab


def namespace_of(lab: str, container: str) -> str:
    """The namespace of a container: `topo.shop.web`."""
    return f"{PREFIX}{lab}.{container}"


def parts(namespace: str) -> tuple[str, str | None] | None:
    """(lab, container) of a namespace's name, (lab, None) of a fabric's; None when the name is not topo's."""
    if not namespace.startswith(PREFIX):
        return None
    lab, dot, container = namespace[len(PREFIX) :].partition(".")
    return (lab, container or None) if lab and (container or not dot) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace(Object):
    """`namespace` is None: it is made from the host's. `nsid`s and inode are the kernel's numbers for it, to show."""

    kind = "namespace"
    name: str
    inode: int = field(default=0, compare=False)

    @property
    def key(self) -> Key:
        return ("namespace", self.name)

    @property
    def address(self) -> str:
        return "lab/fabric" if self.owner == "lab" else self.owner


def _provides(thing: Namespace) -> tuple[Token, ...]:
    return (("namespace", thing.name),)


def _occupies(thing: Namespace) -> tuple[Token, ...]:
    return (("namespace", thing.name),)


def _words(before: Namespace | None, after: Namespace | None) -> str:
    return f"ip netns add {after.name}" if after else f"ip netns delete {before.name}"  # type: ignore[union-attr]


KIND = Kind(
    name="namespace",
    type=Namespace,
    summary="a named network namespace: a container, or the fabric that a lab shares",
    provides=_provides,
    occupies=_occupies,
    folds=True,
    words=_words,
)
