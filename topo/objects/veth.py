"""A veth pair: a container and a bridge port, or two containers. One object, both ends of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec.structs import replace

from topo.objects import mark as marks
from topo.objects.kind import (
    IPV6_ON,
    LINK,
    NAME,
    NAMESPACE,
    NEIGHBOURS,
    SYSCTLS,
    UP,
    Key,
    Kind,
    Names,
    Object,
    Step,
    Token,
)
from topo.objects.names import temporary
from topo.objects.settings import BASELINE, Settings
from topo.objects.vlans import DEFAULT
from topo.record import Record


class End(Record, frozen=True):
    """One end. `settings` is None for a bridge port: it has no addresses. `master` is the bridge's device name; `isolated` (from
    other isolated ports), `hairpin` (what it sends may come back to it) and `vlans` (see vlans.py; "" on a bridge that does not
    filter them) are a port's.

    To show, not compared: index, the namespace id that this end's namespace has for the other's, the port's state.
    """

    shown = frozenset({"index", "peer_nsid", "port_state"})
    namespace: str
    name: str
    mark: int
    mac: str
    mtu: int = 1500
    up: bool = True
    master: str | None = None
    isolated: bool = False
    hairpin: bool = False
    vlans: str = ""
    settings: Settings | None = BASELINE
    index: int = 0
    peer_nsid: int | None = None
    port_state: str | None = None


class Veth(Object, frozen=True, kw_only=True):
    """`namespace` is the one of `end`. A container's end comes first; of two containers, the one that sorts first
    (of two ends in one container, the one that the document names first)."""

    kind = "veth"
    kept = frozenset({"copy"})
    end: End
    peer: End
    copy: str = ""

    @property
    def key(self) -> Key:
        end = self.end
        return ("veth", end.namespace, f"{marks.common(end.mark):#x}", self.copy)

    @property
    def first(self) -> End:
        """The end that names the object: the container's, or the one that the document names first."""
        return self.peer if marks.is_second(self.end.mark) else self.end

    @property
    def address(self) -> str:
        return f"{self.owner}/{self.first.name}"


def _ends(thing: Veth) -> Iterator[End]:
    yield thing.end
    yield thing.peer


def _requires(thing: Veth) -> tuple[Token, ...]:
    end, peer = thing.end, thing.peer
    given: list[Token] = [(NAMESPACE, end.namespace), (NAMESPACE, peer.namespace)]
    for one in (end, peer):
        if one.master:
            given.append((LINK, one.namespace, one.master))
    return tuple(given)


def _follows(thing: Veth) -> tuple[Token, ...]:
    return ((SYSCTLS, thing.end.namespace), (SYSCTLS, thing.peer.namespace))


def _provides(thing: Veth) -> tuple[Token, ...]:
    return tuple(given(thing.end) + given(thing.peer))


def given(end: End) -> list[Token]:
    """What one end gives to what stands on it."""
    namespace, name = end.namespace, end.name
    given: list[Token] = [(LINK, namespace, name), (NEIGHBOURS, namespace, name)]
    if end.up:
        given.append((UP, namespace, name))
    if end.settings and end.settings.ipv6:
        given.append((IPV6_ON, namespace, name))
    return given


def _occupies(thing: Veth) -> tuple[Token, ...]:
    end, peer = thing.end, thing.peer
    return ((NAME, end.namespace, end.name), (NAME, peer.namespace, peer.name))


def _namespaces(thing: Veth) -> tuple[str, ...]:
    one, other = thing.end.namespace, thing.peer.namespace
    return (one,) if one == other else (one, other)


def _drops(before: Veth, after: Veth) -> tuple[Token, ...]:
    pairs = (before.end, after.end), (before.peer, after.peer)
    return tuple([(NEIGHBOURS, new.namespace, new.name) for old, new in pairs if old.mac != new.mac])


def _steps(before: Veth | None, after: Veth | None) -> tuple[Step, ...]:
    """Born with both ends down in their namespaces; configured inside; a port joins its bridge last, when its other end is up."""
    if after is None:
        assert before is not None
        return ((before.peer.namespace, before, None),)
    if before is None:
        born = replace(after, end=_newborn(after.end), peer=_newborn(after.peer))
        return ((after.peer.namespace, None, born), *_changes(born, after))
    return tuple(_changes(before, after))


def _newborn(end: End) -> End:
    return replace(_unplugged(end), up=False, settings=None)


def _unplugged(end: End) -> End:
    """Without its bridge a port has nothing of a port's."""
    return replace(end, master=None, isolated=False, hairpin=False, vlans="")


def _changes(before: Veth, after: Veth) -> Iterator[Step]:
    token = (NAME, before.peer.namespace, before.peer.name)
    if after.peer.name != before.peer.name and token == (NAME, after.end.namespace, after.end.name):
        freed = _aside(before, token, temporary(before.key, token))
        yield after.peer.namespace, before, freed
        before = freed
    halfway = replace(before, end=after.end, owned=after.owned)
    if _differ(before.end, after.end):
        yield after.end.namespace, before, halfway
    if _differ(before.peer, after.peer):
        yield after.peer.namespace, halfway, after


def _differ(one: End, other: End) -> bool:
    return one.up != other.up or one != other  # the first is quick to see, and true of all that are new


def _renamed(thing: Veth, names: Names) -> Veth:
    """A port stays on its bridge when that is renamed."""
    end, peer = (_port_of(end, names.get((end.namespace, str(end.master)), end.master)) for end in _ends(thing))
    return thing if end is thing.end and peer is thing.peer else replace(thing, end=end, peer=peer)


def _left(thing: Veth, lost: Collection[Token]) -> Veth | None:
    """Without its bridge a port is a link on no bridge; without one of its namespaces it is gone."""
    end, peer = (_port_of(end, None if (LINK, end.namespace, str(end.master)) in lost else end.master) for end in _ends(thing))
    freed = replace(thing, end=end, peer=peer)
    return None if any(token in lost for token in _requires(freed)) else freed


def _port_of(end: End, master: str | None) -> End:
    if end.master == master:
        return end
    return replace(end, master=master) if master else _unplugged(end)


def _aside(thing: Veth, token: Token, name: str) -> Veth:
    end, peer = (replace(end, name=name) if token == (NAME, end.namespace, end.name) else end for end in _ends(thing))
    return replace(thing, end=end, peer=peer)


def _marking(thing: Veth, token: Token) -> str:
    end = next(end for end in _ends(thing) if token == (NAME, end.namespace, end.name))
    return f"ip -n {end.namespace} link set {end.name} group {end.mark}"


def _words(before: Veth | None, after: Veth | None) -> str:
    if after is None:
        assert before is not None
        return f"ip -n {before.peer.namespace} link delete {before.peer.name}"
    end, peer = after.end, after.peer
    if before is None:
        return (
            f"ip -n {peer.namespace} link add {peer.name} address {peer.mac} mtu {peer.mtu}"
            f" type veth peer {end.name} netns {end.namespace} address {end.mac} mtu {end.mtu}"
        )
    old, new = (before.end, end) if before.end != end else (before.peer, peer)
    return f"ip -n {new.namespace} link set {old.name}{''.join(_set_words(old, new))}"


def _set_words(old: End, new: End) -> Iterator[str]:
    if old.name != new.name:
        yield f" name {new.name}"
    if old.mac != new.mac:
        yield f" address {new.mac}"
    if old.mtu != new.mtu:
        yield f" mtu {new.mtu}"
    if old.master != new.master:
        yield f" master {new.master}" if new.master else " nomaster"
    if old.up != new.up:
        yield " up" if new.up else " down"
    for name in ("isolated", "hairpin"):
        if getattr(old, name) != getattr(new, name):
            yield f" type bridge_slave {name} {'on' if getattr(new, name) else 'off'}"
    if old.vlans != new.vlans:
        yield f" && bridge -n {new.namespace} vlan set dev {new.name} vid {new.vlans or DEFAULT}"


KIND = Kind(
    name="veth",
    type=Veth,
    summary="a veth pair: a container and its bridge port, or two containers",
    requires=_requires,
    follows=_follows,
    provides=_provides,
    occupies=_occupies,
    namespaces=_namespaces,
    drops=_drops,
    steps=_steps,
    replaced={
        "end.namespace": "the kernel knows a veth by both its ends: one that moves loses its addresses",
        "peer.namespace": "the kernel knows a veth by both its ends: one that moves loses its addresses",
    },
    if_able={"end.name": "live-rename", "peer.name": "live-rename"},
    exact=frozenset({"end.master", "peer.master"}),
    renamed=_renamed,
    left=_left,
    aside=_aside,
    marking=_marking,
    words=_words,
)
