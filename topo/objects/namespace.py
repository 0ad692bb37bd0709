"""A named network namespace: a container, or the fabric of a lab."""

from __future__ import annotations

from topo.objects.kind import NAMESPACE, Key, Kind, Object, Token
from topo.objects.names import fabric_of, namespace_of, parts

__all__ = ["KIND", "Namespace", "fabric_of", "namespace_of", "parts"]


class Namespace(Object, frozen=True, kw_only=True):
    """`namespace` is None: it is made from the host's. `nsid`s and inode are the kernel's numbers for it, to show."""

    kind = "namespace"
    shown = frozenset({"inode"})
    name: str
    inode: int = 0

    @property
    def key(self) -> Key:
        return ("namespace", self.name)

    @property
    def address(self) -> str:
        return "lab/fabric" if self.owner == "lab" else self.owner


def _provides(thing: Namespace) -> tuple[Token, ...]:
    return ((NAMESPACE, thing.name),)


def _occupies(thing: Namespace) -> tuple[Token, ...]:
    return ((NAMESPACE, thing.name),)


def _namespaces(thing: Namespace) -> tuple[str, ...]:
    return (thing.name,)


def _words(before: Namespace | None, after: Namespace | None) -> str:
    return f"ip netns add {after.name}" if after else f"ip netns delete {before.name}"  # type: ignore[union-attr]


KIND = Kind(
    name="namespace",
    type=Namespace,
    summary="a named network namespace: a container, or the fabric that a lab shares",
    provides=_provides,
    occupies=_occupies,
    namespaces=_namespaces,
    folds=True,
    words=_words,
)
