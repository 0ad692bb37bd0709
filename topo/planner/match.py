"""desired, actual -> Match: which actual object is which desired one, whatever its interface is called now."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from topo.kernel.world import renames
from topo.objects import KINDS, Key, Object, State, Token
from topo.objects.kind import LINK, UP, Names
from topo.planner.copies import adopted


class Match(Struct, frozen=True):
    """found: the actual objects by key, those on a renamed link as if it had its desired name already.

    differing: the keys of desired objects that are not found, or not found equal; the others need no second look.
    places: desired key -> the object that is not topo's and stands where the desired one must be.
    was: key -> the key that an object has while its link has its old name.
    """

    found: Mapping[Key, Object]
    differing: tuple[Key, ...]
    places: Mapping[Key, Object]
    was: Mapping[Key, Key]


def match(desired: State, actual: State) -> Match:
    """Links match by their mark, which is in the key, and never by name: so a rename is one change of one object."""
    found = adopted(desired.objects, actual.objects)
    differing = _differing(desired, found)
    moved, was = _moved(desired, found, differing)
    if moved:
        # Where two have one key now, the other one stands on a link that has to go.
        left = set(was.values())
        found = {key: thing for key, thing in found.items() if key not in left} | moved
        differing = _differing(desired, found)
    return Match(found, differing, _places(desired, found, differing), was)


def _differing(desired: State, found: Mapping[Key, Object]) -> tuple[Key, ...]:
    if not found:
        return tuple(desired.objects)
    return tuple([key for key, thing in desired.objects.items() if (other := found.get(key)) is None or other != thing])


def _moved(desired: State, found: Mapping[Key, Object], differing: tuple[Key, ...]) -> tuple[dict[Key, Object], dict[Key, Key]]:
    """What is on a renamed link follows it to its new name: the objects as they are then, and their keys until then."""
    names: dict[tuple[str, str], str] = {}
    owners: dict[tuple[str, str], tuple[str, str]] = {}
    for key in differing if found else ():
        after, before = desired.objects[key], found.get(key)
        if before is not None and (renamed := renames(before, after)):
            names |= renamed
            owners |= dict.fromkeys(renamed, (before.owner, after.owner))
    moved: dict[Key, Object] = {}
    was: dict[Key, Key] = {}
    for key, thing in found.items() if names else ():
        other = KINDS[thing.kind].renamed(thing, names)
        if other is not thing and other != thing:
            moved[other.key] = replace(other, owner=_owner(thing, names, owners))
            was[other.key] = key
    return moved, was


def _owner(thing: Object, names: Names, owners: Mapping[tuple[str, str], tuple[str, str]]) -> str:
    """Of a network's bridge, `networks/front`; of a container's interface, `containers/web/eth0`."""
    for place in _links_of(thing):
        if place in names:
            old, new = owners[place]
            if thing.owner == old:
                return new
            head, slash, tail = thing.owner.rpartition("/")
            if tail == place[1] and "/" in head:
                return head + slash + names[place]
    return thing.owner


def _links_of(thing: Object) -> list[tuple[str, str]]:
    return [(token[1], token[2]) for token in KINDS[thing.kind].requires(thing) if token[0] in (LINK, UP)]


def _places(desired: State, found: Mapping[Key, Object], differing: tuple[Key, ...]) -> Mapping[Key, Object]:
    some = found if differing else {}
    foreign = [key for key, thing in some.items() if not thing.owned and KINDS[thing.kind].place is not None]
    wanted: dict[tuple[str, Token], Key] = {}
    for key in differing if foreign else ():
        thing = desired.objects[key]
        place = KINDS[thing.kind].place
        if place is not None and key not in found:
            wanted[thing.kind, place(thing)] = key
    places: dict[Key, Object] = {}
    for key in sorted(foreign, reverse=True) if wanted else ():
        thing = found[key]
        place = KINDS[thing.kind].place
        if place is not None and (there := wanted.get((thing.kind, place(thing)))):
            places[there] = thing
    return places
