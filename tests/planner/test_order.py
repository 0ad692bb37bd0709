"""Operations stand in batches of one namespace, whatever the size of the lab."""

from __future__ import annotations

from itertools import groupby, permutations

import pytest

from tests.planner.tables import LAB, state
from tests.world.effort import effort
from topo.applier import apply
from topo.applier.preparation import prepared
from topo.kernel.fake import FakeKernel
from topo.objects import State
from topo.planner import plan
from topo.planner.plan import Plan


def of(count: int, subnet: str = "10.0.0.0/16") -> State:
    return state(
        {"networks": {"n": {"subnet": subnet}}, "containers": {f"c{number}": {"networks": ["n"]} for number in range(count)}}
    )


def batches(made: Plan) -> list[str | None]:
    return [namespace for namespace, _ in groupby(made.operations, key=lambda operation: operation.namespace)]


def test_each_container_of_a_new_lab_is_entered_once() -> None:
    assert batches(plan(of(3), State(LAB))) == [None, "topo.t", "topo.t.c0", "topo.t.c1", "topo.t.c2", "topo.t"]


def test_a_lab_shrinks_in_two_batches() -> None:
    made = plan(of(1), of(40))
    assert [namespace for namespace in batches(made) if namespace] == ["topo.t"]


def test_ids_count_from_one_and_needs_come_first() -> None:
    operations = plan(of(3), State(LAB)).operations
    assert [operation.id for operation in operations] == list(range(1, len(operations) + 1))
    assert all(need < operation.id for operation in operations for need in operation.needs)


def test_deletes_come_last() -> None:
    made = plan(of(3, "10.1.0.0/16"), of(3))
    leaving = [operation.after is None for operation in made.operations]
    assert leaving == sorted(leaving)


def on(networks: tuple[int, ...], last: int) -> State:
    """A container that is on these networks, in this order: its first interface is eth0."""
    there = {f"n{number}": {"subnet": f"10.{number}.0.0/24"} for number in range(4)}
    attachments = [{"network": f"n{number}", "address": f"10.{number}.0.{last}"} for number in networks]
    return state({"networks": there, "containers": {"c": {"networks": attachments}}})


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("last", [7, 9], ids=["the same addresses", "other addresses"])
def test_interfaces_get_the_names_of_others(count: int, last: int) -> None:
    """What is on an interface that is to have another's name goes after the renaming: before it, that name is the other's."""
    for networks in permutations(range(4), count):
        kernel = FakeKernel()
        for desired in (on((0, 1, 2), 7), on(networks, last)):
            report = apply(prepared(desired, kernel), kernel, desired=desired)
            assert report.verified, (networks, report.differences)


@pytest.mark.parametrize("subnet", ["10.0.0.0/16", "10.1.0.0/16"], ids=["as it is", "on another network"])
def test_the_effort_is_linear(subnet: str) -> None:
    """Ten times the containers take about ten times the work."""

    def made(count: int) -> int:
        old, new = of(count), of(count, subnet)
        return effort(lambda: plan(new, old))

    assert made(500) < 13 * made(50)
