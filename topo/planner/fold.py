"""objects that go -> folds: what a plan says in one change, because it is all inside one thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from topo.objects import KINDS, Key, Object, Token


@dataclass(frozen=True, slots=True)
class Fold:
    """inside: keys of all that goes with it and is called by its name. along: those of them that reach out of it (the other
    end of a link is in a namespace that stays) and are deleted first: the kernel itself takes seconds to."""

    inside: tuple[Key, ...]
    along: tuple[Object, ...]


def folded(gone: Iterable[Object]) -> Mapping[Key, Fold]:
    """By the key of what folds. An object that stands in two folds belongs to the first."""
    gone = tuple(gone)
    tops = [thing for thing in gone if thing.owned and KINDS[thing.kind].folds]
    if not tops:
        return {}
    needers: dict[Token, list[Object]] = {}
    for thing in gone:
        for token in KINDS[thing.kind].requires(thing):
            needers.setdefault(token, []).append(thing)
    owners: dict[Key, Key] = {}
    given: set[Token] = set()
    for top in tops:
        _gather(top, needers, owners, given)
    inside: dict[Key, list[Object]] = {top.key: [] for top in tops}
    for thing in gone:
        if thing.key in owners:
            inside[owners[thing.key]].append(thing)
    return {key: Fold(tuple(thing.key for thing in things), tuple(_along(things, given))) for key, things in inside.items()}


def _gather(top: Object, needers: Mapping[Token, list[Object]], owners: dict[Key, Key], given: set[Token]) -> None:
    waiting = [top]
    while waiting:
        for token in KINDS[waiting[0].kind].provides(waiting.pop(0)):
            given.add(token)
            for thing in needers.get(token, ()):
                if thing.key not in owners and f"{thing.owner}/".startswith(f"{top.owner}/"):
                    owners[thing.key] = top.key
                    waiting.append(thing)


def _along(things: Iterable[Object], given: set[Token]) -> Iterable[Object]:
    return (thing for thing in things if thing.owned and any(token not in given for token in KINDS[thing.kind].requires(thing)))
