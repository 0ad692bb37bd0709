"""fates, Match -> conflicts: what is not topo's, and holds what only one object can hold at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from topo.objects import KINDS, Key, Object, Token
from topo.planner.fate import Fate
from topo.planner.match import Match
from topo.planner.plan import Conflict


def conflicts(fates: Iterable[Fate], match: Match) -> tuple[tuple[Conflict, ...], tuple[Object, ...]]:
    """The conflicts, in the order of the changes that cannot be, and the foreign objects that make them."""
    replaced = {thing.key for thing in match.places.values()}
    holders: dict[Token, Object] = {
        token: thing
        for key, thing in sorted(match.found.items(), key=lambda item: item[0])
        if not thing.owned and key not in replaced
        for token in KINDS[thing.kind].occupies(thing)
    }
    found: dict[Key, tuple[Conflict, Object]] = {}
    for fate in fates if holders else ():
        if fate.goal is not None and (holder := _holder(fate.goal, holders)):
            found[fate.goal.key] = (_conflict(fate.goal, holder), holder)
    return tuple(conflict for conflict, _ in found.values()), tuple(holder for _, holder in found.values())


def _holder(wanted: Object, holders: Mapping[Token, Object]) -> Object | None:
    tokens = KINDS[wanted.kind].occupies(wanted)
    return next((holders[token] for token in tokens if token in holders and holders[token].key != wanted.key), None)


def _conflict(wanted: Object, holder: Object) -> Conflict:
    command = KINDS[holder.kind].words(holder, None)
    return Conflict(
        wanted.address,
        wanted.kind,
        wanted.namespace,
        reason=f"{holder.address} in {holder.namespace or 'the namespace of the host'} has its name, and topo did not make it",
        hint=f"delete it (`{command}`) or give it another name, and try again",
    )
