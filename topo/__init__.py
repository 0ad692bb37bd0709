"""topo: declarative network labs. load, plan, apply, down, labs, and the types that they take and return."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec.structs import replace

from topo.applier import Failed, Report, RunningLab
from topo.errors import KernelError, TopoError
from topo.kernel.protocol import Kernel, Operation
from topo.lab import Lab
from topo.objects import State
from topo.planner.plan import Change, Conflict, Plan
from topo.timings import stage

__all__ = [
    "Change",
    "Conflict",
    "Failed",
    "Kernel",
    "Lab",
    "Operation",
    "Plan",
    "Report",
    "RunningLab",
    "State",
    "TopoError",
    "ahead",
    "apply",
    "down",
    "labs",
    "load",
    "plan",
]


def load(source: str | Path, *, name: str | None = None) -> Lab:
    """The lab that a file describes.

    name: instead of the file's own name for it.
    Raises DocumentErrors with all that is wrong with the file, UsageError when it cannot be read.
    """
    with stage("load"):
        from topo.document import read

        draft = read(source, name=name)
    with stage("resolve"):
        from topo.resolver import checked

        return checked(draft)


def plan(lab: Lab, *, since: Lab | None = None, kernel: Kernel | None = None) -> Plan:
    """What has to change for the kernel to hold the lab. Nothing is changed, and nothing is locked.

    since: another version of the lab, as if that ran; then no kernel is read. kernel: the machine's own when None.
    Raises DocumentErrors for a lab that contradicts itself, KernelError where the kernel cannot be read.
    """
    from topo.applier.preparation import between
    from topo.resolver import resolve

    with stage("resolve"):
        desired = resolve(lab)
        before = None if since is None else resolve(since)
    if before is not None:
        return _described(between(before, desired), lab, desired)
    kernel = _kernel(kernel)
    return _prepared(lab, desired, kernel)[0]


@contextmanager
def ahead(lab: str | None, *, kernel: Kernel | None = None, change: bool = False) -> Iterator[Kernel]:
    """The kernel (the machine's own when None), for a `plan` or, with `change`, an `apply` of the lab of this name: as long as
    the context lasts it may read a large lab beside what the caller does, and for `apply` holds its lock if that is free.

    lab: None where that is not known; then nothing is begun. A hint: the outcome is the same without, and later.
    """
    with ExitStack() as stack:
        kernel = _kernel(kernel)
        if lab is not None:
            stack.enter_context(kernel.ahead(lab, change=change))
        yield kernel


def apply(
    what: Lab | Plan,
    *,
    kernel: Kernel | None = None,
    lock_timeout: float | None = None,
    on_plan: Callable[[Plan], None] = lambda plan: None,
    on_operation: Callable[[Operation], None] = lambda operation: None,
    interrupted: Callable[[], bool] = lambda: False,
) -> Report:
    """Makes the kernel hold a lab, or does exactly what a plan says; then reads again what it touched.

    lock_timeout: seconds to wait for another process that changes the lab (None: for ever). on_plan is called with the plan
    before the first operation, on_operation after each one, interrupted is asked between them.
    Raises ConflictError, StalePlanError and LockTimeoutError before anything is changed; KernelError, Interrupted and
    VerificationError after that: their `report` is a Report of what was done.
    """
    from topo.applier import apply as execute
    from topo.applier.preparation import prepared_again
    from topo.resolver import resolve

    kernel = _kernel(kernel)
    prepare: Callable[[], tuple[Plan, State]]
    chooses = False
    if isinstance(what, Plan):
        name, prepare = what.lab, lambda: prepared_again(what, kernel)
    else:
        with stage("resolve"):
            desired = resolve(what)
        name, prepare = what.name, lambda: _prepared(what, desired, kernel)
        chooses = desired.outlet is not None
    with kernel.lock(name, lock_timeout, host=chooses):
        made, target = prepare()
        on_plan(made)
        with stage("apply"):
            report = execute(made, kernel, desired=target, on_operation=on_operation, interrupted=interrupted)
    error = report.error
    if error:
        raise error
    return report


def down(
    name: str,
    *,
    kernel: Kernel | None = None,
    grace: float = 10.0,
    lock_timeout: float | None = None,
    on_lock: Callable[[], None] = lambda: None,
    tell: Callable[[str], None] = lambda words: None,
) -> bool:
    """Ends a lab of which only the name need be known, and returns when all of it is gone. False: there was nothing of it.

    grace: seconds from TERM to KILL for the processes in it. lock_timeout: as for apply. on_lock is called when nothing can
    stop it any more, tell with words on what is waited for. Raises KernelError at the end, with all that could not be removed.
    """
    kernel = _kernel(kernel)
    if name not in kernel.labs():
        return False
    with kernel.lock(name, lock_timeout):
        on_lock()
        with stage("apply"):
            errors = kernel.remove(name, grace, tell)
    if errors:
        raise KernelError("; ".join(error.message for error in errors), errno=errors[0].errno, hint=errors[0].hint)
    return True


def labs(*, kernel: Kernel | None = None) -> tuple[RunningLab, ...]:
    """The labs of which anything is in the kernel, by name."""
    kernel = _kernel(kernel)
    with stage("observe"):
        return tuple(RunningLab(name, kernel) for name in kernel.labs())


def _prepared(lab: Lab, desired: State, kernel: Kernel) -> tuple[Plan, State]:
    """The plan for a lab, and the state that it leads to on this host."""
    from topo.applier.preparation import on_this_host, prepared

    there = on_this_host(desired, kernel)
    return _described(prepared(there, kernel), lab, there, kernel), there


def _described(plan: Plan, lab: Lab, desired: State, kernel: Kernel | None = None) -> Plan:
    """The plan, with the files that it comes from, and what document and machine warn of."""
    from topo.resolver import warnings

    advice = kernel.advice(desired) if kernel else ()
    return replace(plan, sources=lab.sources, warnings=(*warnings(lab, desired), *advice))


def _kernel(kernel: Kernel | None) -> Kernel:
    if kernel is not None:
        return kernel
    # It knows sockets and system calls, which a plan between two files does without.
    from topo.kernel.linux import LinuxKernel

    return LinuxKernel()
