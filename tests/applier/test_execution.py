"""A plan is executed in order and in batches, stops where the kernel refuses or the user asks, and says what is done."""

from __future__ import annotations

from collections.abc import Sequence
from errno import EPERM
from itertools import pairwise

import pytest

from tests.applier.labs import WEB_AND_DB, planned, state
from topo.applier import apply
from topo.errors import ConflictError, Interrupted, KernelError
from topo.kernel.fake import FakeKernel
from topo.kernel.protocol import Failure, Operation
from topo.objects.interface import Interface


class Listening(FakeKernel):
    """Remembers the batches."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[tuple[Operation, ...]] = []

    def execute(self, operations: Sequence[Operation]) -> Sequence[Failure]:
        self.batches.append(tuple(operations))
        return super().execute(operations)


class Closed(FakeKernel):
    """A namespace of it cannot be opened."""

    def execute(self, operations: Sequence[Operation]) -> Sequence[Failure]:
        if operations[0].namespace == "topo.shop":
            raise KernelError("cannot open the namespace topo.shop", errno=EPERM)
        return super().execute(operations)


def test_what_is_planned_is_done_and_read_again() -> None:
    kernel = FakeKernel()
    plan = planned(kernel, WEB_AND_DB)
    report = apply(plan, kernel, desired=state(WEB_AND_DB))
    assert report.done == plan.changes
    assert report.verified
    assert report.error is None
    assert planned(kernel, WEB_AND_DB).empty


def test_consecutive_operations_of_a_namespace_go_in_one_call() -> None:
    kernel = Listening()
    plan = planned(kernel, WEB_AND_DB)
    apply(plan, kernel)
    assert [operation for batch in kernel.batches for operation in batch] == list(plan.operations)
    namespaces = [batch[0].namespace for batch in kernel.batches]
    assert all(one != other for one, other in pairwise(namespaces))


def test_the_error_of_several_failures_names_them_all() -> None:
    kernel = FakeKernel()
    plan = planned(kernel, WEB_AND_DB)
    web, db = (next(i for i, one in enumerate(plan.operations) if one.change == f"containers/{name}") for name in ("web", "db"))
    assert abs(web - db) == 1, "they are in one batch"
    for at in (web, db):
        kernel.fail(at, EPERM)
    error = apply(plan, kernel).error
    assert isinstance(error, KernelError)
    assert error.message.startswith("containers/web: ")
    assert error.message.endswith(" (and 1 failed too: containers/db)")


def test_each_operation_is_told_when_it_is_done() -> None:
    kernel = FakeKernel()
    plan = planned(kernel, WEB_AND_DB)
    told: list[Operation] = []
    apply(plan, kernel, on_operation=told.append)
    assert tuple(told) == plan.operations


@pytest.mark.parametrize("at", [0, 3, 11])
def test_a_refusal_stops_it_and_what_is_done_stays(at: int) -> None:
    kernel = FakeKernel()
    plan = planned(kernel, WEB_AND_DB)
    kernel.fail(at, EPERM)
    report = apply(plan, kernel, desired=state(WEB_AND_DB))
    assert report.failed[0].operation == plan.operations[at]
    assert report.failed[0].change.address == plan.operations[at].change
    assert report.pending
    assert not report.verified
    everything = {*report.done, *report.pending, *(one.change for one in report.failed)}
    assert everything == set(plan.changes)
    assert len(report.done) + len(report.pending) + len({one.change.address for one in report.failed}) == len(plan.changes)
    assert isinstance(report.error, KernelError)
    assert report.error.errno == EPERM
    assert report.error.report is report or report.error.report == report
    again = planned(kernel, WEB_AND_DB)
    assert apply(again, kernel, desired=state(WEB_AND_DB)).verified


def test_a_namespace_that_cannot_be_opened_is_a_failure_of_its_first_operation() -> None:
    kernel = Closed()
    plan = planned(kernel, WEB_AND_DB)
    report = apply(plan, kernel)
    (failed,) = report.failed
    assert failed.operation == next(operation for operation in plan.operations if operation.namespace == "topo.shop")
    assert failed.error.errno == EPERM


def test_an_interruption_stops_it_between_two_batches() -> None:
    kernel = Listening()
    plan = planned(kernel, WEB_AND_DB)
    report = apply(plan, kernel, desired=state(WEB_AND_DB), interrupted=lambda: len(kernel.batches) == 2)
    assert len(kernel.batches) == 2
    assert report.interrupted
    assert report.pending
    assert isinstance(report.error, Interrupted)
    assert report.error.exit_code == 130
    assert apply(planned(kernel, WEB_AND_DB), kernel, desired=state(WEB_AND_DB)).verified


def test_an_empty_plan_does_nothing_and_is_verified() -> None:
    kernel = Listening()
    apply(planned(kernel, WEB_AND_DB), kernel)
    kernel.batches.clear()
    report = apply(planned(kernel, WEB_AND_DB), kernel, desired=state(WEB_AND_DB))
    assert report.verified
    assert kernel.batches == []


def test_a_foreign_link_in_the_way_stops_it_before_anything_is_touched() -> None:
    kernel = Listening()
    apply(planned(kernel, WEB_AND_DB), kernel)
    veth = next(thing for thing in state(WEB_AND_DB).objects.values() if thing.address == "containers/web/eth0")
    kernel.alter("shop", veth, None)
    foreign = Interface(namespace="topo.shop.web", owner="containers/web", name="eth0", link_kind="dummy", owned=False)
    kernel.alter("shop", None, foreign)
    kernel.batches.clear()
    with pytest.raises(ConflictError, match="containers/web/eth0"):
        apply(planned(kernel, WEB_AND_DB), kernel)
    assert kernel.batches == []
