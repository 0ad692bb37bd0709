"""A plan and the states before and after it: it names every object that changes, and no other."""

from __future__ import annotations

from topo.kernel.world import World, renames
from topo.objects import KINDS, Key, Object, State
from topo.objects.kind import original
from topo.planner.difference import differences
from topo.planner.plan import CREATE, DELETE, REPLACE, UPDATE, Change, Plan


def assert_exact(plan: Plan, before: State, desired: State) -> None:
    """Executes the plan's operations one by one on a model of the kernel that holds `before`."""
    world = World(before.objects.values())
    lost = []
    for operation in plan.operations:
        assert all(need < operation.id for need in operation.needs)
        _assert_possible(world, operation.before, operation.after)
        lost += [(operation.change, loss.thing) for loss in world.step(operation.before, operation.after)]
    addresses = [change.address for change in plan.changes]
    assert len(addresses) == len(set(addresses))
    assert {operation.change for operation in plan.operations} <= set(addresses)
    for change in plan.changes:
        _assert_true(change, before, desired)
    _assert_all_named(plan, before, desired)
    _assert_foreign_kept(plan, before, world, lost)


def _assert_possible(world: World, before: Object | None, after: Object | None) -> None:
    if before is not None:
        assert before.key in world.objects, f"{before.address} is not there"
    if after is not None:
        assert before is not None or after.key not in world.objects, f"{after.address} is there already"
        assert not world.missing(after)
        assert not world.unwanted(after)
        assert world.in_the_way(after, before) is None


def _assert_true(change: Change, before: State, desired: State) -> None:
    was, now = change.before, change.after
    match change.actions:
        case actions if actions == CREATE:
            assert was is None
            assert now is not None
            assert now.key in desired.objects
        case actions if actions == DELETE:
            assert was is not None
            assert now is None
            assert was.owned
        case actions if actions == UPDATE:
            assert was is not None
            assert now is not None
            assert differences(now, was)
        case actions if actions == REPLACE:
            assert was is not None
            assert now is not None
            assert change.reason
        case _:
            raise AssertionError(change.actions)


def _assert_all_named(plan: Plan, before: State, desired: State) -> None:
    after = {change.after.key for change in plan.changes if change.after}
    gone: set[Key | Object] = set()
    for change in plan.changes:
        gone |= {change.before.key, change.before} if change.before else set()
    there: dict[Key, list[Object]] = {}
    for thing in before.objects.values():
        there.setdefault(original(thing), []).append(thing)
    for key, thing in desired.objects.items():
        if all(differences(thing, other) for other in there.get(key, ())):
            assert key in after or _renamed(thing, plan), f"{thing.address} is not named"
    deleted = [change.before for change in plan.changes if change.before and not change.after]
    tops = tuple(f"{thing.owner}/" for thing in deleted if KINDS[thing.kind].folds)
    for key, thing in before.objects.items():
        copies = [other for other in there[original(thing)] if other not in gone]
        if len(there[original(thing)]) > 1 and original(thing) in desired.objects:
            assert len(copies) <= 1, f"one of {thing.address} goes, and is not named"
        elif thing.owned and key not in desired.objects and gone.isdisjoint((key, thing)):
            inside = f"{thing.owner}/".startswith(tops)
            assert inside or _renamed(thing, plan), f"{thing.address} goes, and is not named"


def _renamed(thing: Object, plan: Plan) -> bool:
    """Whether it is on a link that gets another name: then it comes along, and the plan calls it by the new one."""
    links = {token[1:] for token in KINDS[thing.kind].requires(thing) if token[0] in ("link", "up")}
    for change in plan.changes:
        if change.before and change.after:
            names = renames(change.before, change.after)
            if links & {place for (namespace, old), new in names.items() for place in ((namespace, old), (namespace, new))}:
                return True
    return False


def _assert_foreign_kept(plan: Plan, before: State, world: World, lost: list[tuple[str, Object]]) -> None:
    changes = {change.address: change for change in plan.changes}
    taken = {change.before.key for change in plan.changes if change.before and not change.before.owned}
    named = {thing.key for address, thing in lost if _says(changes[address], thing)}
    ended = {thing.key for address, thing in lost if _ends_a_fold(changes[address])}
    for key, thing in before.objects.items():
        if not thing.owned and key not in taken | named | ended and not KINDS[thing.kind].automatic(thing):
            assert key in world.objects or _renamed(thing, plan), f"{thing.address} is lost"


def _says(change: Change, thing: Object) -> bool:
    return any(f" {thing.address}, " in words for words in change.disruptive)


def _ends_a_fold(change: Change) -> bool:
    return change.before is not None and KINDS[change.before.kind].folds
