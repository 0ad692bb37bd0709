"""State, Kernel -> Plan: what is observed is planned for, and the processes that would end are counted."""

from __future__ import annotations

from dataclasses import replace

from topo.applier.target import current, target
from topo.kernel.protocol import Kernel
from topo.objects import State
from topo.objects.namespace import Namespace
from topo.observer import observe
from topo.planner import plan as make
from topo.planner.plan import DELETE, Change, Plan


def prepared(desired: State, kernel: Kernel) -> Plan:
    """The plan that makes the kernel's state the desired one. Raises KernelError where it cannot be observed."""
    return with_processes(make(desired, observe(kernel, desired.lab)), kernel)


def between(actual: State, desired: State) -> Plan:
    """The plan from one state to another, as if the first one ran."""
    return make(desired, actual)


def prepared_again(plan: Plan, kernel: Kernel) -> tuple[Plan, State]:
    """A plan that was made earlier, with the desired state that it leads to. Raises StalePlanError when it is out of date."""
    actual = observe(kernel, plan.lab)
    desired = target(plan, actual)
    again = current(plan, desired, actual)
    return replace(again, sources=plan.sources, warnings=plan.warnings), desired


def with_processes(plan: Plan, kernel: Kernel) -> Plan:
    """The plan, with the processes that end with each namespace that it deletes: they belong to it."""
    names = [change.before.name for change in plan.changes if _ends(change) and isinstance(change.before, Namespace)]
    if not names:
        return plan
    inside = kernel.processes(names)
    return replace(plan, changes=tuple(_counted(change, len(inside.get(_name(change), ()))) for change in plan.changes))


def _ends(change: Change) -> bool:
    return change.actions == DELETE and change.kind == Namespace.kind


def _name(change: Change) -> str:
    return change.before.name if _ends(change) and isinstance(change.before, Namespace) else ""


def _counted(change: Change, count: int) -> Change:
    if not count:
        return change
    words = "1 process in it ends" if count == 1 else f"{count} processes in it end"
    return replace(change, disruptive=(*change.disruptive, words))
