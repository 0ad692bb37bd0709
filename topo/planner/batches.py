"""order, needs -> batches: consecutive steps of one namespace, as many as can be, so that each is entered once or twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from topo.planner.graph import Needs


def batched(order: Sequence[int], needs: Needs, places: Sequence[str | None], leaving: Sequence[bool]) -> list[int]:
    """The same steps in another order that is as good: by phase, level, namespace.

    needs[i] come before i in `order`. Deletes (`leaving`) that nothing else waits for are a phase of their own, the last.
    Within a phase a step's level is that of what it needs in its namespace, and one more than of what it needs elsewhere.
    """
    if True not in leaving:
        return _phase(order, needs, places)
    early = _awaited(order, needs, leaving)
    first = [number for number in order if early[number]]
    second = [number for number in order if not early[number]]
    return [*_phase(first, needs, places), *_phase(second, needs, places)]


def _awaited(order: Sequence[int], needs: Needs, leaving: Sequence[bool]) -> list[bool]:
    early = [not leaves for leaves in leaving]
    for number in reversed(order):
        if early[number]:
            for other in needs[number]:
                early[other] = True
    return early


def _phase(order: Sequence[int], needs: Needs, places: Sequence[str | None]) -> list[int]:
    level = [-1] * len(places)
    elsewhere: dict[int, list[int]] = defaultdict(list)
    batches: dict[str | None, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number in order:
        place, depth = places[number], 0
        for other in needs[number]:
            above = level[other]
            if above >= 0 and places[other] != place:
                elsewhere[other].append(number)
                above += 1
            if above > depth:
                depth = above
        level[number] = depth
        batches[place][depth].append(number)
    for levels in batches.values():
        _postpone(levels, level, elsewhere)
    # A stable sort: within a level and a namespace, they stay in order.
    rank = {place: at for at, place in enumerate(batches)}
    count = len(rank)
    ranks = [depth * count + rank[place] if depth >= 0 else -1 for depth, place in zip(level, places, strict=True)]
    return sorted(order, key=ranks.__getitem__)


def _postpone(levels: dict[int, list[int]], level: list[int], elsewhere: Mapping[int, list[int]]) -> None:
    """A batch joins the next one of its namespace when nobody elsewhere waits for any of it before that."""
    for now, later in pairwise(sorted(levels)):
        waiting = (other for number in levels[now] for other in elsewhere.get(number, ()))
        if all(level[other] > later for other in waiting):
            levels[later] += levels[now]
            for number in levels[now]:
                level[number] = later
