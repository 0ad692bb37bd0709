"""edges -> order: each step after the ones that it needs, the least of it broken where a circle leaves no other way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from heapq import heapify, heappop, heappush

Needs = Sequence[Set[int]]
"""Needs[i]: the numbers that come before i."""


def arranged(hard: Needs, soft: Needs, last: Sequence[bool]) -> tuple[list[int], Needs]:
    """A stable topological order: of what can come next the lowest number, those marked `last` only when nothing else can. And
    the needs that it meets: one that would make a circle is none."""
    whole = [one | other if other else one for one, other in zip(hard, soft, strict=True)]
    if True not in last and all(not needs or max(needs) < number for number, needs in enumerate(whole)):
        return list(range(len(whole))), whole  # as they are: so it is with most of what is new
    order = _sorted(whole, [frozenset()] * len(whole), last)
    if len(order) == len(whole):
        return order, whole
    order = _broken(whole, soft, last)
    position = {number: at for at, number in enumerate(order)}
    return order, [{other for other in needs if position[other] < position[number]} for number, needs in enumerate(whole)]


def _broken(whole: Needs, soft: Needs, last: Sequence[bool]) -> list[int]:
    """The order of what has circles: soft needs within one of them hold only as long as there is another choice."""
    circle = circles(whole)
    loose = [{other for other in needs if circle[other] == circle[number]} for number, needs in enumerate(soft)]
    firm = [needs - loose[number] for number, needs in enumerate(whole)]
    order = _sorted(firm, loose, last)
    # What is left waits for itself: no order is right, so any is, and the kernel has the last word.
    return order + sorted(set(range(len(whole))) - set(order))


def _sorted(firm: Needs, loose: Needs, last: Sequence[bool]) -> list[int]:
    """Kahn's algorithm: of what can come next, the lowest rank. Steps that are marked `last` rank after all others, those with
    loose needs that are not met after these: the rank is a step's number, and the count of all steps for each `after`."""
    count = len(firm)
    rank = [number + count * late for number, late in enumerate(last)]
    open_firm, open_loose = [len(needs) for needs in firm], [len(needs) for needs in loose]
    after_firm, after_loose = _waiting(firm), _waiting(loose)
    ready = [rank[number] + 2 * count * bool(open_loose[number]) for number in range(count) if not open_firm[number]]
    heapify(ready)
    order: list[int] = []
    done = [False] * count
    while ready:
        number = heappop(ready) % count
        if done[number]:
            continue
        done[number] = True
        order.append(number)
        for other in after_firm.get(number, ()):
            open_firm[other] -= 1
            if not open_firm[other]:
                heappush(ready, rank[other] + 2 * count * bool(open_loose[other]))
        for other in after_loose.get(number, ()):
            open_loose[other] -= 1
            if not open_loose[other] and not open_firm[other]:
                heappush(ready, rank[other])
    return order


def _waiting(needs: Needs) -> Mapping[int, list[int]]:
    """For each number that is needed, those that need it."""
    waiting: dict[int, list[int]] = defaultdict(list)
    for number, others in enumerate(needs):
        for other in others:
            waiting[other].append(number)
    return waiting


def circles(needs: Needs) -> list[int]:
    """For each number the circle that it is in: those that need each other, over any number of steps, have the same one
    (Tarjan's strongly connected components, without recursion)."""
    circle, index, low = [-1] * len(needs), [-1] * len(needs), [0] * len(needs)
    path: list[int] = []
    count = 0
    for start in range(len(needs)):
        if index[start] >= 0:
            continue
        work = [(start, iter(sorted(needs[start])))]
        index[start] = low[start] = count
        count += 1
        path.append(start)
        while work:
            number, rest = work[-1]
            other = next(rest, None)
            if other is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[number])
                if low[number] == index[number]:
                    _close(number, path, circle)
            elif index[other] < 0:
                index[other] = low[other] = count
                count += 1
                path.append(other)
                work.append((other, iter(sorted(needs[other]))))
            elif circle[other] < 0:
                low[number] = min(low[number], index[other])
    return circle


def _close(number: int, path: list[int], circle: list[int]) -> None:
    while True:
        other = path.pop()
        circle[other] = number
        if other == number:
            return
