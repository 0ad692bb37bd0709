"""desired, Match -> fates: what happens to each object that is not as it should be, seen alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from topo.objects import KINDS, Key, Object, State
from topo.planner.difference import differences, filled, forced
from topo.planner.fate import Fate
from topo.planner.fold import folded
from topo.planner.match import Match
from topo.planner.plan import CREATE, DELETE, REPLACE, UPDATE, Change

MARK = "owned"
FOREIGN = "one that topo did not make stands in its place"


def changes(desired: State, features: frozenset[str], match: Match) -> dict[Key, Fate]:
    """By key, in the order of the file, then what goes, by address. What is not topo's and in nobody's way is left alone."""
    fates: dict[Key, Fate] = {}
    found, places = match.found, match.places
    for key in match.differing:
        after = desired.objects[key]
        address = after.address
        new = Change(address, after.kind, after.namespace, CREATE, None, after, "", (), (), desired.origins.get(address))
        foreign = places.get(key) if places else None
        if change := _change(new, found.get(key) if found else None, foreign, features):
            before = change.before
            fates[key] = Fate(change, filled(after, before) if before and change.actions == UPDATE else after)
    gone = [found[key] for key in sorted(found.keys() - desired.objects.keys())]
    return _combined(fates, sorted(_deletes(gone), key=lambda fate: (fate.change.address, fate.change.kind)))


def _change(new: Change, before: Object | None, foreign: Object | None, features: frozenset[str]) -> Change | None:
    after = new.after
    if foreign is not None:
        return replace(new, actions=REPLACE, before=foreign, reason=FOREIGN)
    if before is None or after is None:
        return new
    paths = differences(after, before)
    if not paths:
        return None
    update = replace(new, actions=UPDATE, before=before)
    reasons = forced(paths, after.kind, features)
    if MARK in paths and KINDS[after.kind].unmarking.issuperset(path for path in paths if path != MARK):
        if MARK in reasons:
            return replace(update, actions=REPLACE, reason=f"it lost its mark: {reasons[MARK]}", replace_paths=(MARK,))
        return replace(update, reason="it lost its mark")
    if not before.owned:
        return replace(update, actions=REPLACE, reason=FOREIGN)
    if reasons:
        first = next(iter(reasons))
        return replace(update, actions=REPLACE, reason=f"{first}: {reasons[first]}", replace_paths=tuple(reasons))
    return update


def _deletes(gone: list[Object]) -> Iterator[Fate]:
    folds = folded(gone)
    inside = {key for fold in folds.values() for key in fold.inside}
    for thing in gone:
        if thing.owned and thing.key not in inside:
            change = Change(thing.address, thing.kind, thing.namespace, DELETE, thing, None)
            along = folds[thing.key].along if thing.key in folds else ()
            yield Fate(change, None, along)


def _combined(fates: dict[Key, Fate], deletes: Sequence[Fate]) -> dict[Key, Fate]:
    """An address is unique in a plan: what goes and what comes under one address is one replacement; where the address is
    that of another change (an interface that takes over the name), what goes is called the old one."""
    taken = {fate.change.address: key for key, fate in fates.items()} if deletes else {}
    for fate in deletes:
        old = fate.change
        key = taken.get(old.address)
        if key and (new := fates[key].change).actions == CREATE and new.kind == old.kind:
            reason = f"it is another {new.kind} with the same name"
            fates[key] = replace(fates[key], change=replace(new, actions=REPLACE, before=old.before, reason=reason))
            continue
        address = old.address
        while address in taken:
            address += " (old)"
        assert old.before is not None
        taken[address] = old.before.key
        fates[old.before.key] = replace(fate, change=replace(old, address=address))
    return fates
