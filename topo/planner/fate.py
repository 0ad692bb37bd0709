"""Fate: a change, and the steps that it takes."""

from __future__ import annotations

from msgspec import Struct

from topo.objects import KINDS, Object, Step
from topo.planner.plan import UPDATE, Change


class Fate(Struct, frozen=True, gc=False):
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

    def steps(self) -> list[tuple[Step, ...]]:
        """Rows of steps: within a row one comes after the other, between rows only tokens say which comes first."""
        rows = [KINDS[thing.kind].steps(thing, None) for thing in self.along] if self.along else []
        before, after, actions = self.change.before, self.goal, self.change.actions
        if before and actions != UPDATE and not self.lost:
            rows.append(KINDS[before.kind].steps(before, None))
        if after and actions != UPDATE:
            rows.append(KINDS[after.kind].steps(None, after))
        elif after:
            steps = KINDS[after.kind].steps
            rows.append((*steps(before, self.via), *steps(self.via, after)) if self.via else steps(before, after))
        return rows
