"""Plan, State -> State: where a plan leads from an actual state, without the file that it was made from."""

from __future__ import annotations

from topo.errors import StalePlanError
from topo.objects import KINDS, Key, Object, State
from topo.objects.kind import first, original
from topo.planner import plan as make
from topo.planner.match import match
from topo.planner.plan import DELETE, REPLACE, Change, Plan


def target(plan: Plan, actual: State) -> State:
    """The desired state of `plan`: what is topo's in the actual one, with the plan's changes made."""
    going = [change.before for change in plan.changes if change.before and change.actions in (DELETE, REPLACE)]
    gone = {thing.key for thing in going}
    made = {change.after.key: change.after for change in plan.changes if change.after}
    # What is on an interface that gets another name stays on it: the plan speaks of it by the new one.
    matched = match(State(plan.lab, made), actual)
    kept = {key: thing for key, thing in matched.found.items() if thing.owned and matched.was.get(key, key) not in gone}
    # Which of several with one key is the copy depends on what the file asks for: they are told apart by all that they are.
    copied = {original(thing) for key, thing in matched.found.items() if original(thing) != key and key not in made}
    kept = {key: thing for key, thing in kept.items() if original(thing) not in copied}
    kept |= {
        thing.key: thing
        for key, one in matched.found.items()
        if key not in made and original(one) in copied and one not in going and (thing := first(one)).key not in made
    }
    origins = {change.address: change.source for change in plan.changes if change.source}
    return State(plan.lab, _whole(kept | made), actual.features, origins)


def current(plan: Plan, desired: State, actual: State) -> Plan:
    """`plan`, made anew against the actual state. Raises StalePlanError unless it comes out as it was."""
    again = make(desired, actual)
    if again.fingerprint != plan.fingerprint or _substance(again) != _substance(plan):
        raise StalePlanError(
            f"lab {plan.lab} is not as it was when the plan was made; nothing was changed",
            hint="make the plan again: topo plan -o plan.json",
        )
    return again


def _substance(plan: Plan) -> dict[str, tuple[object, ...]]:
    return {change.address: _facts(change) for change in plan.changes} | {"conflicts": plan.conflicts}


def _facts(change: Change) -> tuple[object, ...]:
    return change.kind, change.actions, change.before, change.after


def _whole(objects: dict[Key, Object]) -> dict[Key, Object]:
    """Without what cannot be there without something that goes: the contents of a namespace are no changes of their own."""
    while True:
        given = {token for thing in objects.values() for token in KINDS[thing.kind].provides(thing)}
        whole = {key: thing for key, thing in objects.items() if given.issuperset(KINDS[thing.kind].requires(thing))}
        if len(whole) == len(objects):
            return whole
        objects = whole
