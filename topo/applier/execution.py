"""Plan, Kernel -> Report: the operations are sent namespace by namespace, until one is refused or the user stops it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from operator import attrgetter

from msgspec.structs import replace

from topo.applier.report import Report, conflict, report
from topo.errors import KernelError
from topo.kernel.protocol import Failure, Kernel, Operation
from topo.objects import State
from topo.planner.plan import Plan
from topo.timings import stage


def silent(operation: Operation) -> None:
    """Tells nobody that an operation is done."""


def never() -> bool:
    """Is not interrupted."""
    return False


def apply(
    plan: Plan,
    kernel: Kernel,
    *,
    desired: State | None = None,
    on_operation: Callable[[Operation], None] = silent,
    interrupted: Callable[[], bool] = never,
) -> Report:
    """Executes a plan, and reads again what it touched when the `desired` state that it leads to is given.

    on_operation is called after each operation that was done; interrupted is asked between two batches.
    The report says what failed and what is pending. Raises ConflictError before anything is touched.
    """
    if plan.conflicts:
        raise conflict(plan.conflicts)
    done: set[int] = set()
    failures: Sequence[Failure] = ()
    stopped = False
    for _, batch in groupby(plan.operations, key=attrgetter("namespace")):
        if failures or (stopped := interrupted()):
            break
        sent = tuple(batch)
        accepted, failures = _execute(kernel, sent)
        for operation in accepted:
            done.add(operation.id)
            on_operation(operation)
    outcome = report(plan, done, failures, interrupted=stopped)
    if plan.empty:
        outcome = replace(outcome, verified=True)
    elif failures or stopped or desired is None:
        return outcome
    else:
        with stage("verify"):
            from topo.applier.verification import verified

            outcome = verified(outcome, desired, kernel)
    if desired is None or not outcome.verified:
        return outcome
    with stage("verify"):
        return _tried(outcome, desired, kernel)


def _tried(outcome: Report, desired: State, kernel: Kernel) -> Report:
    """All is there; and it works?"""
    obstacles = tuple(kernel.tried(desired))
    return replace(outcome, verified=False, obstacles=obstacles) if obstacles else outcome


def _execute(kernel: Kernel, operations: Sequence[Operation]) -> tuple[Sequence[Operation], Sequence[Failure]]:
    """The operations that were done, and those that were refused."""
    try:
        failures = kernel.execute(operations)
    except KernelError as error:
        # The namespace itself cannot be reached: none of them is known to be done.
        return (), (Failure(operations[0], error),)
    if not failures:
        return operations, failures
    refused = {failure.operation.id for failure in failures}
    return tuple(operation for operation in operations if operation.id not in refused), failures
