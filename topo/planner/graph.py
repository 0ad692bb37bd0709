"""edges -> order: each step after the ones that it needs, the least of it broken where a circle leaves no other way."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

Needs = Sequence[set[int]]
"""Needs[i]: the numbers that come before i."""


def arranged(hard: Needs, soft: Needs, last: Sequence[bool]) -> list[int]:
    """A stable topological order: of what can come next the lowest number, those marked `last` only when nothing else can."""
    whole = [one | other for one, other in zip(hard, soft, strict=True)]
    order = _sorted(whole, [set()] * len(whole), last)
    if len(order) == len(whole):
        return order
    circle = circles(whole)
    loose = [{other for other in needs if circle[other] == circle[number]} for number, needs in enumerate(soft)]
    firm = [needs - loose[number] for number, needs in enumerate(whole)]
    order = _sorted(firm, loose, last)
    # What is left waits for itself: no order is right, so any is, and the kernel has the last word.
    return order + sorted(set(range(len(whole))) - set(order))


def _sorted(firm: Needs, loose: Needs, last: Sequence[bool]) -> list[int]:
    """Kahn's algorithm with two queues: a step with loose needs that are not met comes only when no other one can."""
    open_firm, open_loose = [len(needs) for needs in firm], [len(needs) for needs in loose]
    waiting: list[list[int]] = [[] for _ in firm]
    for table in (firm, loose):
        for number, needs in enumerate(table):
            for other in needs:
                waiting[other].append(number)
    ready = [(bool(open_loose[number]), last[number], number) for number in range(len(firm)) if not open_firm[number]]
    heapify(ready)
    order: list[int] = []
    done: set[int] = set()
    while ready:
        number = heappop(ready)[-1]
        if number in done:
            continue
        done.add(number)
        order.append(number)
        for other in waiting[number]:
            if number in firm[other]:
                open_firm[other] -= 1
            else:
                open_loose[other] -= 1
            if not open_firm[other] and other not in done:
                heappush(ready, (bool(open_loose[other]), last[other], other))
    return order


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
