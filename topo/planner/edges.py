"""steps -> edges: which step comes after which, by what they give, take, need and hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from topo.objects import KINDS, Object, Token
from topo.objects.kind import original
from topo.planner.fate import Fate


class Node(Struct, frozen=True):
    """One step of a fate. after_previous: it comes after the step before it in the list."""

    fate: Fate
    namespace: str | None
    before: Object | None
    after: Object | None
    after_previous: bool


class Edges(Struct):
    """hard[i]: the steps that must come before step i. soft[i]: those that should, unless that makes a circle.

    waits: (i, token, j): step i takes a name that step j, which keeps its object, lets go.
    """

    hard: list[set[int]]
    soft: list[set[int]]
    waits: list[tuple[int, Token, int]] = field(default_factory=list)


def nodes(fates: Iterable[Fate]) -> list[Node]:
    """All steps of all fates."""
    return [
        Node(fate, namespace, before, after, number > 0)
        for fate in fates
        for row in fate.steps()
        for number, (namespace, before, after) in enumerate(row)
    ]


class _Table(dict[Token, list[int]]):
    def note(self, tokens: Iterable[Token], number: int) -> None:
        for token in tokens:
            self.setdefault(token, []).append(number)

    def at(self, tokens: Iterable[Token]) -> Iterator[int]:
        for token in tokens:
            yield from self.get(token, ())


class _Tables:
    """token -> the steps that give it, take it away, drop what needs it, free its place, stop to need it, or delete a copy."""

    def __init__(self, steps: list[Node]) -> None:
        self.gives, self.takes, self.drops, self.frees, self.quits, self.thins = (_Table() for _ in range(6))
        for number, step in enumerate(steps):
            self.gives.note(_new("provides", step.after, step.before), number)
            self.takes.note(_new("provides", step.before, step.after), number)
            self.frees.note(_held(step.before, step.after), number)
            self.quits.note(_new("requires", step.before, step.after), number)
            self.quits.note(_new("lost_with", step.before, step.after), number)
            if step.before and not step.after and original(step.before) != step.before.key:
                self.thins.note([original(step.before)], number)
            if step.before and step.after:
                self.drops.note(KINDS[step.after.kind].drops(step.before, step.after), number)


def edges(steps: list[Node], lost: Iterable[Fate] = ()) -> Edges:
    """What is newly required is given first; what is newly occupied is freed first, and what is avoided taken away, be it with
    what is `lost`; copies go before the object changes; what the kernel drops on the way is made after that. Softly: what a
    kind follows; a new giver before the old one goes; dependents before what they depend on; a rename before what already uses
    the new name."""
    tables = _Tables(steps)
    for fate in lost:
        if thing := fate.change.before:
            takers = [*tables.takes.at(_basis(fate))]
            for token in KINDS[thing.kind].provides(thing):
                tables.takes.setdefault(token, []).extend(takers)
    made = Edges([], [])
    for number, step in enumerate(steps):
        waits = [(token, other) for token in _held(step.after, step.before) for other in tables.frees.get(token, ())]
        # A temporary name is taken and freed by one fate, in this order.
        waits = [(token, other) for token, other in waits if other < number or steps[other].fate is not step.fate]
        hard = _hard(step, tables) | {other for _, other in waits}
        if step.after_previous:
            hard.add(number - 1)
        made.hard.append(hard - {number})
        made.soft.append(_soft(step, tables, steps) - hard - {number})
        made.waits += ((number, token, other) for token, other in waits if steps[other].after is not None)
    return made


def _hard(step: Node, tables: _Tables) -> set[int]:
    needs = _new("requires", step.after, step.before)
    hard = {*tables.gives.at(needs), *tables.drops.at(needs)}
    if step.after is not None:
        hard.update(tables.takes.at(_new("avoids", step.after, step.before)))
        if tables.thins:
            hard.update(tables.thins.at([original(step.after)]))
    if step.fate.lost and step.before is None:
        basis = tuple(_basis(step.fate))
        hard.update(tables.takes.at(basis), tables.drops.at(basis))
    return hard


def _soft(step: Node, tables: _Tables, steps: list[Node]) -> set[int]:
    soft: set[int] = set()
    if step.after is not None:
        soft.update(tables.gives.at(KINDS[step.after.kind].follows(step.after)))
    if step.before is not None:
        lost = _new("provides", step.before, step.after)
        soft.update(tables.quits.at(lost))
        if step.after is None:
            soft.update(tables.gives.at(lost))
        givers = tables.gives.at(KINDS[step.before.kind].requires(step.before))
        soft.update(other for other in givers if steps[other].before is not None)
    return soft


def _basis(fate: Fate) -> Iterator[Token]:
    for thing in (fate.change.before, fate.goal):
        if thing is not None:
            yield from KINDS[thing.kind].requires(thing)
            yield from KINDS[thing.kind].lost_with(thing)


def _new(what: str, of: Object | None, than: Object | None) -> tuple[Token, ...]:
    """The tokens that one form of an object has and the other one has not."""
    if of is None:
        return ()
    tokens: tuple[Token, ...] = getattr(KINDS[of.kind], what)(of)
    if than is None or not tokens:
        return tokens
    others = getattr(KINDS[than.kind], what)(than)
    return tuple(token for token in tokens if token not in others)


def _held(of: Object | None, than: Object | None) -> tuple[Token, ...]:
    """The same of what it occupies. Its key is something that only one object can hold, too."""
    if of is None:
        return ()
    tokens = _new("occupies", of, than)
    return (*tokens, ("key", *of.key)) if than is None else tokens
