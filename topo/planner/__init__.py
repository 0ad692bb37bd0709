"""desired, actual -> Plan: the ordered operations that turn one into the other."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from topo.objects import Object, State
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
    made = [fate.change for fate in fates.values()]
    ours = [thing for thing in actual.objects.values() if thing.owned]
    return Plan(
        lab=desired.lab,
        changes=tuple([change if change.before is None else _true(change, change.before, matched, actual) for change in made]),
        conflicts=found,
        operations=operations,
        observed=Observed((*ours, *matched.places.values(), *holders)),
        unchanged=len(desired.objects) - len([change for change in made if change.after is not None]),
        sources=tuple(sources),
        warnings=tuple(warnings),
    )


def _true(change: Change, before: Object, matched: Match, actual: State) -> Change:
    """What goes on a link that gets another name is called `before` as it is now; its operations come after the new name. What
    was taken for a copy and stays is none."""
    if change.actions == UPDATE and first(before) is not before:
        return replace(change, before=first(before))
    key = matched.was.get(before.key) if change.actions in (DELETE, REPLACE) else None
    return change if key is None else replace(change, before=actual.objects[key])
