"""nodes -> edges: which step comes after which, by what they give, take, need and hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set

from msgspec import Struct, field

from topo.objects import Key, Object, Token
from topo.objects.kind import original
from topo.planner.fate import Fate
from topo.planner.nodes import Node, Nodes

NONE: Set[int] = frozenset()
"""One for all who have none: an empty set takes 216 bytes."""


class Edges(Struct):
    """hard[i]: the steps that must come before step i. soft[i]: those that should, unless that makes a circle.

    waits: (i, token, j): step i takes a name that step j, which keeps its object, lets go.
    """

    hard: list[Set[int]] = field(default_factory=list)
    soft: list[Set[int]] = field(default_factory=list)
    waits: list[tuple[int, Token, int]] = field(default_factory=list)


class _Tables:
    """token -> the steps that give it, give it by a change of what is there (renews), take it away, drop what needs it, free its
    place, or stop to need it. Key -> the steps that delete the object, or a copy of it."""

    def __init__(self, steps: Sequence[Node]) -> None:
        self.gives: dict[Token, list[int]] = defaultdict(list)
        self.renews: dict[Token, list[int]] = defaultdict(list)
        self.takes: dict[Token, set[int]] = defaultdict(set)
        self.drops: dict[Token, list[int]] = defaultdict(list)
        self.frees: dict[Token, list[int]] = defaultdict(list)
        self.quits: dict[Token, list[int]] = defaultdict(list)
        self.goes: dict[Key, list[int]] = defaultdict(list)
        self.thins: dict[Key, list[int]] = defaultdict(list)
        for number, step in enumerate(steps):
            for token in step.gains.provides:
                self.gives[token].append(number)
            if step.before is not None:
                self._note(step, step.before, number)

    def _note(self, step: Node, before: Object, number: int) -> None:
        loses = step.loses
        for token in step.gains.provides:
            self.renews[token].append(number)
        for token in loses.provides:
            self.takes[token].add(number)
        for token in step.drops:
            self.drops[token].append(number)
        for token in loses.occupies:
            self.frees[token].append(number)
        for token in loses.requires + loses.lost_with:
            self.quits[token].append(number)
        if step.after is None:
            self.goes[before.key].append(number)
            if (first := original(before)) != before.key:
                self.thins[first].append(number)


def edges(steps: Sequence[Node], nodes: Nodes, lost: Iterable[Fate] = ()) -> Edges:
    """What is newly required is given first; what is newly occupied is freed first, and what is avoided taken away, be it with
    what is `lost`; copies go before the object changes; what the kernel drops on the way is made after that. Softly: what a
    kind follows; a new giver before the old one goes; dependents before what they depend on; a rename before what already uses
    the new name."""
    tables = _Tables(steps)
    for fate in lost:
        if thing := fate.change.before:
            takers = set[int]().union(*(tables.takes.get(token, ()) for token in nodes.basis(fate)))
            for token in nodes.tokens(thing).provides:
                tables.takes[token] |= takers
    made = Edges()
    for number, step in enumerate(steps):
        hard, soft = _hard(step, tables), _soft(step, tables)
        if tables.goes or tables.frees:
            for token, other in _waits(number, step, tables, steps):
                hard.add(other)
                if steps[other].after is not None:
                    made.waits.append((number, token, other))
        if step.fate.lost and step.before is None:
            for token in nodes.basis(step.fate):
                hard.update(tables.takes.get(token, ()), tables.drops.get(token, ()))
        if step.after_previous:
            hard.add(number - 1)
        hard.discard(number)
        made.hard.append(hard or NONE)
        made.soft.append(soft - hard - {number} if soft else NONE)
    return made


def _waits(number: int, step: Node, tables: _Tables, steps: Sequence[Node]) -> list[tuple[Token, int]]:
    """Whose place it takes. Its key is something that only one object can hold, too. A temporary name is taken and freed by one
    fate, in this order."""
    waits = [(token, other) for token in step.gains.occupies for other in tables.frees.get(token, ())] if tables.frees else []
    if tables.goes and step.before is None and step.after is not None:
        key = step.after.key
        waits += [(key, other) for other in tables.goes.get(key, ())]
    return [(token, other) for token, other in waits if other < number or steps[other].fate is not step.fate]


def _hard(step: Node, tables: _Tables) -> set[int]:
    hard: set[int] = set()
    for token in step.gains.requires:
        if givers := tables.gives.get(token):
            hard.update(givers)
    for token in step.gains.requires if tables.drops else ():
        hard.update(tables.drops.get(token, ()))
    for token in step.gains.avoids if tables.takes else ():
        hard.update(tables.takes.get(token, ()))
    if tables.thins and step.after is not None:
        hard.update(tables.thins.get(original(step.after), ()))
    return hard


def _soft(step: Node, tables: _Tables) -> Set[int]:
    if step.before is None and not step.follows:
        return NONE
    soft: set[int] = set()
    for token in step.follows:
        if givers := tables.gives.get(token):
            soft.update(givers)
    for token in step.loses.provides:
        # What is on an interface that gets this name is known by it already: it does not depend on the one that has it now.
        if token not in tables.renews:
            soft.update(tables.quits.get(token, ()))
        if step.after is None:
            soft.update(tables.gives.get(token, ()))
    for token in step.stands:
        if renewers := tables.renews.get(token):
            soft.update(renewers)
    return soft
