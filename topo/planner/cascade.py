"""fates -> fates, operations: what the kernel drops on the way is put back, and what it drops anyway is not deleted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from msgspec import Struct, field
from msgspec.structs import replace

from topo.kernel.protocol import Operation
from topo.kernel.world import Loss, World, patched
from topo.objects import KINDS, Key, Object, State, Token
from topo.planner.difference import differences
from topo.planner.fate import Fate
from topo.planner.match import Match
from topo.planner.nodes import Nodes
from topo.planner.order import ordered, untangled
from topo.planner.plan import CREATE, DELETE, REPLACE, UPDATE, Change


class _Around:
    """The actual objects, from which a rehearsal begins, by namespace: most of them are in none that it is about."""

    def __init__(self, actual: State) -> None:
        self._objects = {key: actual.objects[key] for key in sorted(actual.objects)}
        self._within: dict[str, list[Object]] = defaultdict(list)
        self._copies = [thing for thing in self._objects.values() if getattr(thing, "copy", "")]
        for thing in self._objects.values():
            for name in KINDS[thing.kind].namespaces(thing):
                self._within[name].append(thing)

    def world(self, nodes: Nodes, near: set[str]) -> World:
        """The model of them all, in which what is `near` can be lost."""
        close = {thing.key: thing for thing in chain(self._copies, *(self._within[name] for name in near))}
        return World([close[key] for key in sorted(close)], nodes.tokens, near, self._objects)


class _Rehearsal(Struct):
    """What the operations made of the actual state, in the model, and what was lost by which of them."""

    world: World
    losses: list[tuple[Operation, Loss]] = field(default_factory=list)


def settled(
    desired: State, actual: State, match: Match, fates: Mapping[Key, Fate]
) -> tuple[dict[Key, Fate], tuple[Operation, ...]]:
    """Rehearses the operations on a model of the kernel until they make the desired state of the actual one."""
    nodes = Nodes()
    fates = _carried(fates)
    around: _Around | None = None
    while True:
        steps, made = untangled(list(fates.values()), nodes)
        operations = ordered(steps, made)
        near = {token[1] for step in steps for token in (*step.loses.provides, *step.drops)}
        if not near:  # nothing else can be lost where nothing is taken away
            return dict(fates), operations
        around = around or _Around(actual)
        rehearsal = _rehearsed(around, operations, nodes, near)
        amended = {**fates, **_put_back(desired, match, fates, rehearsal), **_kept(fates, rehearsal)}
        if amended == fates:
            return _named(fates, rehearsal), operations
        fates = _in_order(desired, amended)


def _carried(fates: Mapping[Key, Fate]) -> dict[Key, Fate]:
    """What stands on something that goes needs no operation to go, until the rehearsal shows that it does."""
    going = {token for fate in fates.values() if fate.change.before for token in _going(fate)}
    carried = dict(fates)
    for key, fate in fates.items() if going else ():
        before = fate.change.before
        if before and fate.change.actions == DELETE and _goes_with(before, going):
            carried[key] = replace(fate, lost=True)
    return carried


def _going(fate: Fate) -> Iterator[Token]:
    for thing in fate.along:
        yield from KINDS[thing.kind].provides(thing)
    before, after = fate.change.before, fate.goal
    if before is None or KINDS[before.kind].folds:
        return
    kind = KINDS[before.kind]
    kept: tuple[Token, ...] = ()
    if after is not None and fate.change.actions == UPDATE:
        kept = kind.provides(after)
        yield from kind.drops(before, after)
    elif after is not None:
        yield from KINDS[after.kind].provides(after)  # what was on it is known by its new name already
    yield from (token for token in kind.provides(before) if token not in kept)


def _goes_with(thing: Object, going: set[Token]) -> bool:
    kind = KINDS[thing.kind]
    return not going.isdisjoint(kind.requires(thing)) and kind.left(thing, going) is None


def _rehearsed(around: _Around, operations: Sequence[Operation], nodes: Nodes, near: set[str]) -> _Rehearsal:
    """Where what is lost stands in another namespace than those in which the operations take anything away, more may be lost
    there: then it begins again with that one, too."""
    rehearsal = _Rehearsal(around.world(nodes, near))
    for operation in operations:
        lost = rehearsal.world.step(operation.before, operation.after)
        rehearsal.losses += ((operation, loss) for loss in lost)
    reached = {name for _, loss in rehearsal.losses for name in KINDS[loss.thing.kind].namespaces(loss.thing)}
    return rehearsal if reached <= near else _rehearsed(around, operations, nodes, near | reached)


def _put_back(desired: State, match: Match, fates: Mapping[Key, Fate], rehearsal: _Rehearsal) -> dict[Key, Fate]:
    """The fates of desired objects that were not there in the end, or not as they should be."""
    amended: dict[Key, Fate] = {}
    reasons = _reasons(fates, rehearsal)
    changed = rehearsal.world.changed | fates.keys() | match.was.keys()
    for key, after in desired.objects.items():
        if key not in changed:
            continue
        fate, before, now = fates.get(key), match.found.get(key), rehearsal.world.objects.get(key)
        if now is not None and not differences(after, now):
            continue
        change = fate.change if fate else Change(after.address, after.kind, after.namespace, UPDATE, before, after)
        reason = change.reason or reasons.get(match.was.get(key, key), "the kernel drops it on the way")
        change = replace(change, source=desired.origins.get(after.address), reason=reason)
        if now is not None and change.before is not None:
            goal = fate.goal if fate and fate.goal else after
            amended[key] = Fate(replace(change, before=patched(change.before, goal, now)), goal)
        elif change.actions == CREATE:
            amended[key] = Fate(change, after, lost=True)
        else:
            amended[key] = Fate(replace(change, actions=REPLACE), after, lost=True)
    return amended


def _reasons(fates: Mapping[Key, Fate], rehearsal: _Rehearsal) -> dict[Key, str]:
    """Why what was lost was lost."""
    verbs = {REPLACE: "replaced", DELETE: "deleted"}
    actions = {fate.change.address: verbs.get(fate.change.actions, "changed") for fate in fates.values()}
    return {
        loss.thing.key: f"the kernel drops it when {operation.change} is {actions[operation.change]}"
        for operation, loss in rehearsal.losses
    }


def _kept(fates: Mapping[Key, Fate], rehearsal: _Rehearsal) -> dict[Key, Fate]:
    """The fates of what should have gone by itself, and did not."""
    return {
        key: replace(fate, lost=False)
        for key, fate in fates.items()
        if fate.lost and fate.change.actions == DELETE and key in rehearsal.world.objects
    }


def _in_order(desired: State, fates: Mapping[Key, Fate]) -> dict[Key, Fate]:
    kept = {key: fates[key] for key in desired.objects if key in fates}
    return kept | {key: fate for key, fate in fates.items() if key not in kept}


def _named(fates: Mapping[Key, Fate], rehearsal: _Rehearsal) -> dict[Key, Fate]:
    """With the foreign objects that a change takes along, and the reasons of what goes by itself."""
    keys = {fate.change.address: key for key, fate in fates.items()}
    reasons = _reasons(fates, rehearsal)
    named = dict(fates)
    for operation, loss in rehearsal.losses:
        key = keys[operation.change]
        fate = named[key]
        if _missed(loss, fate):
            words = f"{loss.thing.kind} {loss.thing.address}, which is not topo's, is lost"
            named[key] = replace(fate, change=replace(fate.change, disruptive=(*fate.change.disruptive, words)))
        elif (gone := named.get(loss.thing.key)) and gone.lost and not gone.change.reason:
            named[loss.thing.key] = replace(gone, change=replace(gone.change, reason=reasons[loss.thing.key]))
    return named


def _missed(loss: Loss, fate: Fate) -> bool:
    kind = KINDS[loss.thing.kind]
    inside = fate.change.before is not None and KINDS[fate.change.before.kind].folds
    return not loss.thing.owned and loss.left is None and not inside and not kind.automatic(loss.thing)
