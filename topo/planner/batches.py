"""order, needs -> batches: consecutive steps of one namespace, as many as can be, so that each is entered once or twice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def batched(order: Sequence[int], needs: Sequence[set[int]], places: Sequence[str | None], leaving: Sequence[bool]) -> list[int]:
    """The same steps in another order that is as good: by phase, level, namespace.

    needs[i] come before i in `order`. Deletes (`leaving`) that nothing else waits for are a phase of their own, the last.
    Within a phase a step's level is that of what it needs in its namespace, and one more than of what it needs elsewhere.
    """
    early = _awaited(order, needs, leaving)
    phases = [number in early for number in order]
    first = [number for number, before in zip(order, phases, strict=True) if before]
    second = [number for number, before in zip(order, phases, strict=True) if not before]
    return [*_phase(first, needs, places), *_phase(second, needs, places)]


def _awaited(order: Sequence[int], needs: Sequence[set[int]], leaving: Sequence[bool]) -> set[int]:
    early: set[int] = set()
    for number in reversed(order):
        if not leaving[number] or number in early:
            early.add(number)
            early |= needs[number]
    return early


def _phase(order: Sequence[int], needs: Sequence[set[int]], places: Sequence[str | None]) -> list[int]:
    level: dict[int, int] = {}
    waiting: dict[int, list[int]] = {number: [] for number in order}
    for number in order:
        level[number] = 0
        for other in needs[number]:
            if other in level:
                waiting[other].append(number)
                level[number] = max(level[number], level[other] + (places[other] != places[number]))
    rank: dict[str | None, int] = {}
    batches: dict[str | None, dict[int, list[int]]] = {}
    for number in order:
        place = places[number]
        rank.setdefault(place, len(rank))
        batches.setdefault(place, {}).setdefault(level[number], []).append(number)
    for place, levels in batches.items():
        _postpone(levels, level, waiting, places, place)
    position = {number: at for at, number in enumerate(order)}
    return sorted(order, key=lambda number: (level[number], rank[places[number]], position[number]))


def _postpone(
    levels: dict[int, list[int]],
    level: dict[int, int],
    waiting: dict[int, list[int]],
    places: Sequence[str | None],
    place: str | None,
) -> None:
    """A batch joins the next one of its namespace when nobody elsewhere waits for any of it before that."""
    ordered = sorted(levels)
    for now, later in pairwise(ordered):
        elsewhere = (other for number in levels[now] for other in waiting[number] if places[other] != place)
        if all(level[other] > later for other in elsewhere):
            levels[later] += levels[now]
            level.update(dict.fromkeys(levels[now], later))
