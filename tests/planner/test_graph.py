"""Orders, circles, and what is broken of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from topo.planner import graph
from topo.planner.graph import circles

SIZE = 8
EDGES = st.sets(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(lambda edge: edge[0] != edge[1]), max_size=16
)


def needs(edges: set[tuple[int, int]]) -> list[set[int]]:
    return [{before for after, before in edges if after == number} for number in range(SIZE)]


def arranged(hard: list[set[int]], soft: list[set[int]], last: list[bool]) -> list[int]:
    """The order, of which the needs that it says to meet hold."""
    order, met = graph.arranged(hard, soft, last)
    assert all(order.index(before) < order.index(number) for number, others in enumerate(met) for before in others)
    return order


def test_the_order_is_stable() -> None:
    assert arranged([set()] * 4, [set()] * 4, [False, True, False, False]) == [0, 2, 3, 1]


def test_a_soft_need_holds() -> None:
    assert arranged([set(), set()], [{1}, set()], [False, False]) == [1, 0]


def test_a_soft_need_gives_way_to_a_hard_one() -> None:
    assert arranged([set(), {0}], [{1}, set()], [False, False]) == [0, 1]


def test_only_the_circle_is_broken() -> None:
    """0 and 1 want each other; 2 wants 1, and gets it."""
    assert arranged([set(), set(), set()], [{1}, {0}, {1}], [False, False, False]) == [0, 1, 2]
    assert arranged([set(), {2}, set()], [{1}, set(), {0}], [False] * 3)[-1] != 2


def test_a_hard_circle_has_some_order() -> None:
    assert sorted(arranged([{1}, {0}, set()], [set()] * 3, [False] * 3)) == [0, 1, 2]


@given(EDGES, EDGES, st.lists(st.booleans(), min_size=SIZE, max_size=SIZE))
def test_hard_needs_hold_where_there_is_no_circle_of_them(
    hard: set[tuple[int, int]], soft: set[tuple[int, int]], last: list[bool]
) -> None:
    forward = needs({(max(edge), min(edge)) for edge in hard})
    order = arranged(forward, [wish - forward[number] for number, wish in enumerate(needs(soft))], last)
    assert sorted(order) == list(range(SIZE))
    assert all(order.index(before) < order.index(number) for number in order for before in forward[number])


@given(EDGES)
def test_circles_are_those_who_reach_each_other(edges: set[tuple[int, int]]) -> None:
    table = needs(edges)
    reach = [{number} for number in range(SIZE)]
    for _ in range(SIZE):
        reach = [one.union(*(reach[other] for other in table[number])) for number, one in enumerate(reach)]
    circle = circles(table)
    for one in range(SIZE):
        for other in range(SIZE):
            assert (circle[one] == circle[other]) == (other in reach[one] and one in reach[other])
