"""Report: which changes of a plan are done, which failed, and which are still to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from msgspec import Struct

from topo.errors import ConflictError, Interrupted, KernelError, TopoError, VerificationError
from topo.kernel.protocol import Failure, Operation
from topo.planner.plan import Change, Conflict, Plan

_DONE = {("create",): "created", ("update",): "updated", ("delete", "create"): "replaced", ("delete",): "deleted"}
_NAMED = 5
"""How many addresses a message names."""


class Failed(Struct, frozen=True):
    """A change that stopped, the operation that the kernel refused, and what it said."""

    change: Change
    operation: Operation
    error: KernelError


class Report(Struct, frozen=True):
    """What came of a plan.

    pending: the changes of which something is still to do; `up` again goes on with them.
    verified: what was touched was read again, and is as planned. When it is not: `differences` are the plan addresses of
    what is not as planned, `conflicts` what came into the way meanwhile, or `obstacles` what of the machine keeps from working
    what is all there.
    """

    plan: Plan
    done: tuple[Change, ...] = ()
    failed: tuple[Failed, ...] = ()
    pending: tuple[Change, ...] = ()
    interrupted: bool = False
    verified: bool = False
    differences: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    obstacles: tuple[KernelError, ...] = ()

    @property
    def lab(self) -> str:
        """The name of the lab."""
        return self.plan.lab

    @property
    def summary(self) -> dict[str, int]:
        """How many objects were created, updated, replaced and deleted, and how many were left as they are."""
        counts = Counter(_DONE[change.actions] for change in self.done)
        return {name: counts[name] for name in _DONE.values()} | {"unchanged": self.plan.unchanged}

    @property
    def error(self) -> TopoError | None:
        """Why it is not all done, with this report as its `report`; None when it is."""
        error = self._error()
        if error:
            error.report = self
        return error

    def _error(self) -> TopoError | None:
        if self.failed:
            first, others = self.failed[0], list(dict.fromkeys(one.change.address for one in self.failed))[1:]
            message = f"{first.change.address}: {first.error.message}{_more(others, 'failed too')}"
            hint = first.error.hint or "what is done stays; `topo up` again goes on from there"
            return KernelError(message, errno=first.error.errno, hint=hint)
        if self.interrupted:
            return Interrupted("interrupted", hint="what is done stays; `topo up` again goes on from there")
        if self.conflicts:
            return conflict(self.conflicts)
        if self.differences:
            what = _some(self.differences)
            message = f"applied, but the kernel does not hold what was asked for: {what}"
            return VerificationError(message, hint="`topo plan` shows the difference")
        if self.obstacles:
            message = "the lab is up, but " + "; ".join(one.message for one in self.obstacles)
            hints = dict.fromkeys(one.hint for one in self.obstacles if one.hint)
            return VerificationError(message, hint="; ".join(hints) or None)
        return None


def conflict(conflicts: Sequence[Conflict]) -> ConflictError:
    """The error that names what stands in the way."""
    first, *others = conflicts
    more = _more([other.address for other in others], "more")
    return ConflictError(f"{first.address}: {first.reason}{more}", hint=first.hint)


def _more(addresses: Sequence[str], words: str) -> str:
    return f" (and {len(addresses)} {words}: {_some(addresses)})" if addresses else ""


def _some(addresses: Sequence[str]) -> str:
    return ", ".join(addresses[:_NAMED]) + (", ..." if len(addresses) > _NAMED else "")


def report(plan: Plan, done: Collection[int], failures: Sequence[Failure], *, interrupted: bool) -> Report:
    """The report of a plan of which the operations with the ids `done` were done and `failures` were refused."""
    if not failures and not interrupted and len(done) == len(plan.operations):
        return Report(plan, done=plan.changes)
    changes = {change.address: change for change in plan.changes}
    failed = tuple(Failed(changes[one.operation.change], one.operation, one.error) for one in failures)
    stopped = {one.change.address for one in failed}
    begun = {operation.change for operation in plan.operations}
    missing = {operation.change for operation in plan.operations if operation.id not in done}
    if failures or interrupted:
        missing |= changes.keys() - begun
    undone, pending = missing | stopped, missing - stopped
    return Report(
        plan,
        done=tuple(change for change in plan.changes if change.address not in undone),
        failed=failed,
        pending=tuple(change for change in plan.changes if change.address in pending),
        interrupted=interrupted,
    )
