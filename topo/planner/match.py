"""desired, actual -> Match: which actual object is which desired one, whatever its interface is called now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from topo.kernel.world import renames
from topo.objects import KINDS, Key, Object, State, Token


@dataclass(frozen=True, slots=True)
class Match:
    """found: the actual objects by key, those on a renamed link as if it had its desired name already.

    differing: the keys of desired objects that are not found, or not found equal; the others need no second look.
    places: desired key -> the object that is not topo's and stands where the desired one must be.
    """

    found: Mapping[Key, Object]
    differing: tuple[Key, ...]
    places: Mapping[Key, Object]


def match(desired: State, actual: State) -> Match:
    """Links match by their mark, which is in the key, and never by name: so a rename is one change of one object."""
    found = actual.objects
    differing = _differing(desired, found)
    followed = _followed(desired, found, differing)
    if followed is not found:
        found = followed
        differing = _differing(desired, found)
    return Match(found, differing, _places(desired, found, differing))


def _differing(desired: State, found: Mapping[Key, Object]) -> tuple[Key, ...]:
    return tuple(key for key, thing in desired.objects.items() if found.get(key) != thing)


def _followed(desired: State, found: Mapping[Key, Object], differing: tuple[Key, ...]) -> Mapping[Key, Object]:
    """What is on a renamed link follows it to its new name. It comes first where two would then have one key: the other one
    stands on a link that has to go."""
    names: dict[tuple[str, str], str] = {}
    links: dict[tuple[str, str], tuple[str, str]] = {}
    for key in differing:
        after, before = desired.objects[key], found.get(key)
        if before is not None and (renamed := renames(before, after)):
            names |= renamed
            links |= dict.fromkeys(renamed, (before.owner, after.owner))
    if not names:
        return found
    moved: dict[Key, Object] = {}
    stayed: dict[Key, Object] = {}
    for thing in found.values():
        other = KINDS[thing.kind].renamed(thing, names)
        if other == thing:
            stayed[thing.key] = thing
        else:
            owner = _owner(thing, names, links)
            moved[other.key] = replace(other, owner=owner)
    return stayed | moved


def _owner(thing: Object, names: Mapping[tuple[str, str], str], links: Mapping[tuple[str, str], tuple[str, str]]) -> str:
    """Of a network's bridge, `networks/front`; of a container's interface, `containers/web/eth0`."""
    for token in _links_of(thing):
        place = (token[1], token[2])
        if place in names:
            old, new = links[place]
            if thing.owner == old:
                return new
            head, slash, tail = thing.owner.rpartition("/")
            if tail == place[1] and "/" in head:
                return head + slash + names[place]
    return thing.owner


def _links_of(thing: Object) -> tuple[Token, ...]:
    return tuple(token for token in KINDS[thing.kind].requires(thing) if token[0] in ("link", "up"))


def _places(desired: State, found: Mapping[Key, Object], differing: tuple[Key, ...]) -> Mapping[Key, Object]:
    wanted: dict[tuple[str, Token], Key] = {}
    for key in differing:
        thing = desired.objects[key]
        place = KINDS[thing.kind].place
        if place is not None and key not in found:
            wanted[thing.kind, place(thing)] = key
    places: dict[Key, Object] = {}
    for thing in found.values() if wanted else ():
        place = KINDS[thing.kind].place
        if place is not None and not thing.owned and (there := wanted.get((thing.kind, place(thing)))):
            places[there] = thing
    return places
