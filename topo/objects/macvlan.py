"""A macvlan: an interface of a container with a MAC of its own on the network that an interface of the host's is on."""

from __future__ import annotations

from msgspec.structs import replace

from topo.objects.kind import Token
from topo.objects.upper import Upper, aside, kind_of, occupies, provides

_MAC = "mac"
PASSTHRU = "passthru"
"""The mode in which it has its parent for itself, and that one's MAC."""


class Macvlan(Upper, frozen=True, kw_only=True):
    """`mode` is bridge, private, vepa, or passthru, which `passthru` says again: to and from it the kernel does not change.
    `mac` is None in passthru, where the parent's MAC is the container's."""

    kind = "macvlan"
    mode: str = "bridge"
    passthru: bool = False


def _sole(thing: Macvlan) -> Token:
    return ("sole", "", thing.parent)


def _shared(thing: Macvlan) -> Token:
    return ("shared", "", thing.parent)


def _provides(thing: Macvlan) -> tuple[Token, ...]:
    return (*provides(thing), _sole(thing) if thing.passthru else _shared(thing))


def _avoids(thing: Macvlan) -> tuple[Token, ...]:
    """Of one parent, one in passthru or any number of others (macvlan_common_newlink)."""
    return (_shared(thing) if thing.passthru else _sole(thing),)


def _occupies(thing: Macvlan) -> tuple[Token, ...]:
    """As long as it is up, of one parent only one has a MAC (macvlan_addr_busy)."""
    mac = ((_MAC, "", thing.parent, thing.mac),) if thing.up and thing.mac else ()
    return (*occupies(thing), *mac, *((_sole(thing),) if thing.passthru else ()))


def _aside(thing: Macvlan, token: Token, name: str) -> Upper:
    """Two that exchange their MACs: one has another on its way, as a temporary name says it."""
    if token[0] != _MAC:
        return aside(thing, token, name)
    return replace(thing, mac=":".join(("02", "74", *(name[at : at + 2] for at in range(4, 12, 2)))))


KIND = kind_of(
    Macvlan,
    "a container's interface with a MAC of its own on the network of one of the host's",
    lambda thing: f"mode {thing.mode}",
    provides=_provides,
    avoids=_avoids,
    occupies=_occupies,
    aside=_aside,
    replaced={
        "parent": "the kernel ties it to its parent for ever",
        "passthru": "the kernel changes no mode to passthru or from it (macvlan_changelink)",
    },
)
