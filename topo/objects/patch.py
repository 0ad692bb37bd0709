"""A cable from a network's bridge to a bridge of the host's: the network is plugged into that one."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import blake2b

from msgspec.structs import replace

from topo.objects.kind import LINK, NAME, NAMESPACE, UP, Key, Kind, Object, Token


class Patch(Object, frozen=True, kw_only=True):
    """name, mtu, master: of the end in the fabric, a port of the network's bridge. far, bridge: of the end in the host's
    namespace. master, bridge: None where an end is no port. mark: of both ends. up: both are."""

    kind = "patch"
    shown = frozenset({"index", "far_index"})
    fabric: str
    name: str
    mark: int
    far: str
    mtu: int = 1500
    master: str | None = None
    bridge: str | None = None
    up: bool = True
    index: int = 0
    far_index: int = 0

    @property
    def key(self) -> Key:
        return ("patch", self.fabric, f"{self.mark:#x}")

    @property
    def address(self) -> str:
        return f"{self.owner}/uplink"

    @property
    def macs(self) -> tuple[str, str]:
        """Of the end in the fabric, and of the one at the host. A bridge has the lowest MAC of its ports, unless somebody has set
        another one (br_stp_recalculate_bridge_id): so this one is higher than those of libvirt's."""
        digest = blake2b(f"{self.fabric}:{self.far}".encode(), digest_size=4).digest().hex(":")
        return f"02:42:{digest}", f"fe:ff:{digest}"


def _requires(thing: Patch) -> tuple[Token, ...]:
    master = ((LINK, thing.fabric, thing.master),) if thing.master else ()
    return ((NAMESPACE, thing.fabric), *master)


def _provides(thing: Patch) -> tuple[Token, ...]:
    up = ((UP, thing.fabric, thing.name),) if thing.up else ()
    return ((LINK, thing.fabric, thing.name), *up)


def _occupies(thing: Patch) -> tuple[Token, ...]:
    return ((NAME, thing.fabric, thing.name),)


def _namespaces(thing: Patch) -> tuple[str, ...]:
    return (thing.fabric,)


def _left(thing: Patch, lost: Collection[Token]) -> Patch | None:
    """Without its bridge it is a link on none."""
    return None if (NAMESPACE, thing.fabric) in lost else replace(thing, master=None)


def _words(before: Patch | None, after: Patch | None) -> str:
    if after is None:
        assert before is not None
        return f"ip link delete {before.far}"
    if before is None:
        return (
            f"ip link add {after.far} type veth peer {after.name} netns {after.fabric} mtu {after.mtu};"
            f" ip link set {after.far} master {after.bridge} up"
        )
    return f"ip link set {after.far} master {after.bridge}; ip -n {after.fabric} link set {after.name} master {after.master}"


_MADE_WITH_IT = "the two ends are made together"

KIND = Kind(
    name="patch",
    type=Patch,
    summary="a cable from a network's bridge to a bridge of the host's",
    requires=_requires,
    provides=_provides,
    occupies=_occupies,
    namespaces=_namespaces,
    left=_left,
    replaced={"name": _MADE_WITH_IT, "far": _MADE_WITH_IT},
    exact=frozenset({"master", "bridge"}),
    words=_words,
)
