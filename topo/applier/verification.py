"""Report, Kernel -> Report: what a plan touched is observed and planned again, and must need nothing."""

from __future__ import annotations

from msgspec.structs import replace

from topo.applier.report import Report
from topo.kernel.protocol import Kernel
from topo.objects import KINDS, Object, State
from topo.objects.names import fabric_of
from topo.objects.namespace import Namespace
from topo.objects.neighbour import Neighbour
from topo.observer import observe
from topo.planner import plan
from topo.planner.plan import Plan


def verified(report: Report, desired: State, kernel: Kernel) -> Report:
    """The report, with what differs from the `desired` state in the namespaces that its plan touched, and in the fabric."""
    scope = touched(report.plan) | {fabric_of(desired.lab)}
    wanted = part(desired, scope)
    actual = observe(kernel, desired.lab, namespaces=scope, neighbours=_neighbours(report.plan, wanted))
    again = plan(wanted, part(actual, scope))
    return replace(
        report,
        verified=again.empty,
        differences=tuple(change.address for change in again.changes),
        conflicts=again.conflicts,
    )


def touched(plan: Plan) -> frozenset[str]:
    """The namespaces in which a plan makes, changes or deletes anything."""
    things = [thing for change in plan.changes for thing in (change.before, change.after) if thing]
    return frozenset(name for thing in things for name in _places(thing))


def _neighbours(plan: Plan, wanted: State) -> dict[str, set[tuple[str, str]]]:
    """The neighbours that there shall be, and those that the plan takes away."""
    found: dict[str, set[tuple[str, str]]] = {}
    gone = (change.before for change in plan.changes)
    for thing in (*wanted.objects.values(), *gone):
        if isinstance(thing, Neighbour):
            found.setdefault(str(thing.namespace), set()).add((thing.interface, thing.ip))
    return found


def part(state: State, namespaces: frozenset[str]) -> State:
    """What of a state is wholly in these namespaces; files, which are in none, included."""
    if namespaces.issuperset(thing.name for thing in state.objects.values() if isinstance(thing, Namespace)):
        return state
    objects = {key: thing for key, thing in state.objects.items() if namespaces.issuperset(_places(thing))}
    return replace(state, objects=objects)


def _places(thing: Object) -> tuple[str, ...]:
    return KINDS[thing.kind].namespaces(thing)
