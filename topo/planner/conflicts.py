"""fates, Match -> conflicts: what is not topo's, and holds what only one object can hold, or what one cannot be beside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from topo.objects import KINDS, Key, Object, Token
from topo.objects.kind import ADDRESS
from topo.planner.fate import Fate
from topo.planner.match import Match
from topo.planner.plan import Conflict


def conflicts(fates: Iterable[Fate], match: Match) -> tuple[tuple[Conflict, ...], tuple[Object, ...]]:
    """The conflicts, in the order of the changes that cannot be, and the foreign objects that make them."""
    goals = [fate.goal for fate in fates if fate.goal is not None]
    replaced = {thing.key for thing in match.places.values()}
    there = match.found if goals else {}
    foreign = [thing for key, thing in there.items() if not thing.owned and key not in replaced]
    near = {name for goal in goals for name in KINDS[goal.kind].namespaces(goal)} if foreign else set[str]()
    holders = _holders(foreign, near)
    found: dict[Key, tuple[Conflict, Object]] = {}
    for goal in goals if holders else ():
        if token := _held(goal, holders):
            found[goal.key] = (_conflict(goal, token, holders[token]), holders[token])
    return tuple(conflict for conflict, _ in found.values()), tuple(holder for _, holder in found.values())


def _holders(foreign: Iterable[Object], namespaces: Set[str]) -> dict[Token, Object]:
    """What these objects hold in the namespaces: of two that hold the same, the one whose key sorts last."""
    here = [thing for thing in foreign if not namespaces.isdisjoint(KINDS[thing.kind].namespaces(thing))] if namespaces else []
    return {
        token: thing
        for thing in sorted(here, key=lambda thing: thing.key)
        for token in (*KINDS[thing.kind].occupies(thing), *KINDS[thing.kind].provides(thing))
    }


def _held(wanted: Object, holders: Mapping[Token, Object]) -> Token | None:
    kind = KINDS[wanted.kind]
    tokens = (*kind.occupies(wanted), *kind.avoids(wanted))
    return next((token for token in tokens if token in holders and holders[token].key != wanted.key), None)


def _conflict(wanted: Object, token: Token, holder: Object) -> Conflict:
    kind, command = KINDS[wanted.kind], KINDS[holder.kind].words(holder, None)
    what = "the address of its gateway" if token in kind.avoids(wanted) else f"its {token[0]}"
    choices = f"delete it (`{command}`) or give it another {token[0] if token in kind.occupies(wanted) else ADDRESS}"
    if kind.marking and getattr(holder, "link_kind", None) == wanted.kind:
        choices = f"if topo did make it, give it its group back (`{kind.marking(wanted, token)}`); if not, {choices}"
    where = holder.namespace or "the namespace of the host"
    return Conflict(
        wanted.address,
        wanted.kind,
        wanted.namespace,
        reason=f"{holder.address} in {where} has {what}, and topo did not make it",
        hint=f"{choices}, and try again",
    )
