"""A macvlan: an interface of a container with a MAC of its own on the network that an interface of the host's is on."""

from __future__ import annotations

from topo.objects.kind import Token
from topo.objects.upper import Upper, kind_of, occupies, provides

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
    return (*occupies(thing), *((_sole(thing),) if thing.passthru else ()))


KIND = kind_of(
    Macvlan,
    "a container's interface with a MAC of its own on the network of one of the host's",
    lambda thing: f"mode {thing.mode}",
    provides=_provides,
    avoids=_avoids,
    occupies=_occupies,
    replaced={
        "parent": "the kernel ties it to its parent for ever",
        "passthru": "the kernel changes no mode to passthru or from it (macvlan_changelink)",
    },
)
