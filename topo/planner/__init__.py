"""desired, actual -> Plan: the ordered operations that turn one into the other."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from topo.objects import State
from topo.objects.kind import first
from topo.planner.cascade import settled
from topo.planner.changes import changes
from topo.planner.conflicts import conflicts
from topo.planner.copies import apart
from topo.planner.fingerprint import Observed
from topo.planner.match import Match, match
from topo.planner.plan import DELETE, REPLACE, UPDATE, Change, Plan

__all__ = ["plan"]


def plan(desired: State, actual: State, *, sources: Sequence[tuple[str, str]] = (), warnings: Sequence[str] = ()) -> Plan:
    """A pure function: the same states give the same plan. Whatever is in the way and not topo's makes a plan of conflicts,
    without a change or an operation: then nothing happens at all."""
    actual = replace(actual, objects=apart(desired.objects, actual.objects))
    matched = match(desired, actual)
    fates = changes(desired, actual.features, matched)
    found, holders = conflicts(fates.values(), matched)
    fates, operations = ({}, ()) if found else settled(desired, actual, matched, fates)
    kept = sum(1 for fate in fates.values() if fate.change.after is not None)
    ours = [thing for thing in actual.objects.values() if thing.owned]
    return Plan(
        lab=desired.lab,
        changes=tuple([_true(fate.change, matched, actual) for fate in fates.values()]),
        conflicts=found,
        operations=operations,
        observed=Observed((*ours, *matched.places.values(), *holders)),
        unchanged=len(desired.objects) - kept,
        sources=tuple(sources),
        warnings=tuple(warnings),
    )


def _true(change: Change, matched: Match, actual: State) -> Change:
    """What goes on a link that gets another name is called `before` as it is now; its operations come after the new name. What
    was taken for a copy and stays is none."""
    if change.before and change.actions == UPDATE and first(change.before) is not change.before:
        return replace(change, before=first(change.before))
    key = matched.was.get(change.before.key) if change.before and change.actions in (DELETE, REPLACE) else None
    return change if key is None else replace(change, before=actual.objects[key])
