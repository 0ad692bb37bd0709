"""Fate: a change, and the steps that it takes."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from topo.objects import KINDS, Object, Step
from topo.planner.plan import CREATE, DELETE, REPLACE, UPDATE, Change


class Fate(Struct, frozen=True):
    """A change on its way to operations.

    goal: the object after it, with what the file does not ask for as the kernel has it.
    along: what is folded into the change and needs an operation of its own to be deleted.
    lost: the kernel drops `before` along with something else: nothing deletes it, and what comes after comes after that.
    via: the object under a temporary name, because another one waits for the name that it has.
    """

    change: Change
    goal: Object | None
    along: tuple[Object, ...] = ()
    lost: bool = False
    via: Object | None = None

    def steps(self) -> Iterator[tuple[Step, ...]]:
        """Rows of steps: within a row one comes after the other, between rows only tokens say which comes first."""
        for thing in self.along:
            yield KINDS[thing.kind].steps(thing, None)
        before, after, actions = self.change.before, self.goal, self.change.actions
        if before and actions in (REPLACE, DELETE) and not self.lost:
            yield KINDS[before.kind].steps(before, None)
        if after and actions in (REPLACE, CREATE):
            yield KINDS[after.kind].steps(None, after)
        if after and actions == UPDATE:
            steps = KINDS[after.kind].steps
            yield (*steps(before, self.via), *steps(self.via, after)) if self.via else steps(before, after)
