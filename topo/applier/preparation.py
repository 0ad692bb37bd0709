"""State, Kernel -> Plan: what is observed is planned for, and the processes that would end are counted."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from topo.applier.target import current, target
from topo.errors import DocumentError, DocumentErrors
from topo.kernel.protocol import Kernel
from topo.objects import KINDS, State
from topo.observer import observe
from topo.planner import plan as make
from topo.planner.plan import DELETE, Change, Plan
from topo.resolver import settled
from topo.timings import stage


def on_this_host(desired: State, kernel: Kernel) -> State:
    """The desired state, with what only the host can say of a way out: which addresses and names are free there, and which of
    its interfaces lead out. Raises KernelError where that cannot be read."""
    if desired.outlet is None:
        return desired
    with stage("observe"):
        return settled(desired, observe(kernel, desired.lab, namespaces=(), host=True))


def prepared(desired: State, kernel: Kernel) -> Plan:
    """The plan that makes the kernel's state the desired one. Raises KernelError where it cannot be observed, and
    DocumentErrors where the file asks for what this kernel does not take."""
    with stage("observe"):
        actual = observe(kernel, desired.lab)
    with stage("plan"):
        plan = make(desired, actual)
        check(plan, desired, kernel)
        return with_processes(plan, kernel)


def between(actual: State, desired: State) -> Plan:
    """The plan from one state to another, as if the first one ran."""
    with stage("plan"):
        return make(desired, actual)


def prepared_again(plan: Plan, kernel: Kernel) -> tuple[Plan, State]:
    """A plan that was made earlier, with the desired state that it leads to. Raises StalePlanError when it is out of date,
    and what `prepared` raises."""
    with stage("observe"):
        actual = observe(kernel, plan.lab)
    with stage("plan"):
        desired = target(plan, actual)
        again = current(plan, desired, actual)
        check(again, desired, kernel)
    return replace(again, sources=plan.sources, warnings=plan.warnings), desired


def check(plan: Plan, desired: State, kernel: Kernel) -> None:
    """Raises DocumentErrors with all that the file asks for, and the kernel has something against."""
    things = [change.after for change in plan.changes if change.after and change.source]
    if kinds := {kind for kind in {thing.kind for thing in things} if KINDS[kind].together}:
        new = {thing.key for thing in things}
        things += [thing for key, thing in desired.objects.items() if thing.kind in kinds and key not in new]
    wrong = kernel.check(things)
    if not wrong:
        return
    asked = {**desired.origins, **{change.address: change.source for change in plan.changes if change.after and change.source}}
    found = {
        (asked[address], error.message): DocumentError(
            error.message, where=asked[address], hint=error.hint, path=address.replace("/", ".", 3), code="kernel"
        )
        for address, error in wrong.items()
        if address in asked
    }
    if found:
        raise DocumentErrors([found[place] for place in sorted(found)])


def with_processes(plan: Plan, kernel: Kernel) -> Plan:
    """The plan, with the processes that end with each namespace that it deletes: they belong to it."""
    names = [name for change in plan.changes for name in _ended(change)]
    if not names:
        return plan
    inside = kernel.processes(names)
    return replace(plan, changes=tuple(_counted(change, inside) for change in plan.changes))


def _ended(change: Change) -> tuple[str, ...]:
    """The namespaces that end with it."""
    kind, before = KINDS[change.kind], change.before
    return kind.namespaces(before) if before and kind.folds and change.actions == DELETE else ()


def _counted(change: Change, inside: Mapping[str, tuple[int, ...]]) -> Change:
    count = sum(len(inside.get(name, ())) for name in _ended(change))
    if not count:
        return change
    words = "1 process in it ends" if count == 1 else f"{count} processes in it end"
    return replace(change, disruptive=(*change.disruptive, words))
