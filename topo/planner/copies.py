"""desired, objects -> objects: which of those that pass for one desired object is the one that is meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topo.objects import KINDS, Key, Object
from topo.objects.kind import original, swapped
from topo.planner.difference import differences


def apart(desired: Mapping[Key, Object], actual: Mapping[Key, Object]) -> Mapping[Key, Object]:
    """Of actual objects that are equal up to `copy`, the one that is most like the desired object becomes the one without,
    whichever of them the kernel names first: so the others go."""
    copies: dict[Key, list[Any]] = {}
    for key, thing in actual.items():
        if getattr(thing, "copy", ""):
            copies.setdefault(original(thing), []).append(actual[key])
    objects = actual
    for key, others in copies.items():
        holder, after = actual.get(key), desired.get(key)
        if holder and after:
            candidates = sorted((holder, *others), key=lambda thing: thing.key)
            best = min(candidates, key=lambda thing: (not thing.owned, len(differences(after, thing))))
            objects = {**objects, **{thing.key: thing for thing in swapped(holder, best)}}
    return objects


def adopted(desired: Mapping[Key, Object], found: Mapping[Key, Object]) -> Mapping[Key, Object]:
    """A link that no file asks for, and that differs from one that is missing by nothing but its mark, is that one."""
    if not found:
        return found
    missing = {_names(thing): key for key, thing in desired.items() if key not in found and hasattr(thing, "copy")}
    taken: dict[Key, Key] = {}
    for old, thing in found.items() if missing else ():
        key = missing.get(_names(thing)) if old not in desired and hasattr(thing, "copy") else None
        if key and all(path.rpartition(".")[2] == "mark" for path in differences(desired[key], thing)):
            taken[key] = old
    if not taken:
        return found
    left = set(taken.values())
    return {key: thing for key, thing in found.items() if key not in left} | {key: found[old] for key, old in taken.items()}


def _names(thing: Object) -> tuple[object, ...]:
    return (thing.kind, *KINDS[thing.kind].occupies(thing))
