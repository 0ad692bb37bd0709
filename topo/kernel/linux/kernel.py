"""LinuxKernel: the real kernel, of this machine, behind the protocol."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from typing import NoReturn

from topo.errors import KernelError, LockTimeoutError
from topo.kernel.linux import advice, baseline, enter, executing, hints, labs, locks, observing, processes, reading, remove
from topo.kernel.linux.codec import all_codecs
from topo.kernel.linux.indexes import Indexes
from topo.kernel.linux.places import Places
from topo.kernel.protocol import Failure, Operation, Scope
from topo.objects import Key, Object, State
from topo.objects.names import fabric_of, parts
from topo.objects.namespace import Namespace
from topo.objects.uplink import Uplink


class _Work(threading.local):
    """What a thread is at: the lab that it observed or locked last, what is known of its interfaces, and what is open under
    the lock; the lab that is read ahead, and the one whose lock it has for that. Each thread has its own: it may be at another
    lab."""

    def __init__(self) -> None:
        self.lab = ""
        self.known: dict[str | None, Indexes] = {}
        self.places: Places | None = None
        self.begun: reading.Begun | None = None
        self.locked = ""


class LinuxKernel:
    """Needs root (CAP_SYS_ADMIN and CAP_NET_ADMIN). Holds nothing open between calls but under a lab's lock, and may be used
    from any thread: only the calling one changes its namespace, and it is put back."""

    def __init__(self) -> None:
        self._work = _Work()
        self._able = False
        baseline.forget()

    def observe(self, scope: Scope) -> State:
        """See Kernel."""
        self._check_kernel()
        self._work_on(scope.lab)
        try:
            with self._places(scope.lab) as places:
                found, host = observing.observe(scope, places, self._begun(scope))
        except OSError as error:
            raise hints.error_of(error, f"read the lab {scope.lab}") from error
        # The kernel may hold two routes of one key (appended ones, IPv6 ones on two interfaces): ours counts, else the first.
        ours: dict[Key, Object] = {}
        foreign: dict[Key, Object] = {}
        for thing in found:
            (ours if thing.owned else foreign).setdefault(thing.key, thing)
        return State(scope.lab, ours | {key: foreign[key] for key in foreign if key not in ours}, hints.features(), host=host)

    @contextmanager
    def ahead(self, lab: str, *, change: bool = False) -> Iterator[None]:
        """See Kernel. What cannot be begun is met again, and told, by who needs it."""
        with ExitStack() as stack, ExitStack() as held:
            with suppress(OSError, KernelError, LockTimeoutError):
                if reading.is_large(lab):
                    if change:
                        held.enter_context(locks.lock(lab, 0))
                        self._work.locked = lab
                    self._work.begun = stack.enter_context(reading.ahead(lab))
            try:
                yield
            finally:
                self._work.begun, self._work.locked = None, ""

    def check(self, things: Iterable[Object]) -> Mapping[str, KernelError]:
        """See Kernel."""
        codecs, by_kind = all_codecs(), defaultdict[str, list[Object]](list)
        for thing in things:
            if codecs[thing.kind].check:
                by_kind[thing.kind].append(thing)
        found: dict[str, KernelError] = {}
        with hints.doing("try what the lab asks for"):
            for kind, group in by_kind.items():
                if check := codecs[kind].check:
                    found |= check(group)
        return found

    def advice(self, desired: State) -> Sequence[str]:
        """See Kernel."""
        return tuple(advice.advice(desired))

    def tried(self, desired: State) -> Sequence[KernelError]:
        """See Kernel."""
        uplink = desired.objects.get(("uplink", fabric_of(desired.lab)))
        if not isinstance(uplink, Uplink):
            return ()
        from topo.kernel.linux import probe  # few labs have a way out

        with hints.doing("try the way out"):
            return probe.tried(uplink)

    def execute(self, operations: Sequence[Operation]) -> Sequence[Failure]:
        """See Kernel."""
        if not operations:
            return []
        self._check_kernel()
        try:
            with self._places(self._lab_of(operations)) as places:
                return executing.execute(operations, places)
        except OSError as error:
            place = operations[0].namespace
            failed = hints.error_of(error, f"open the namespace {place}" if place else "open the host's namespace")
            left = (operation for operation in operations if not executing.is_done(operation, failed.errno))
            return [Failure(operation, failed) for operation in left]

    def labs(self) -> tuple[str, ...]:
        """See Kernel."""
        with hints.doing("list the labs"):
            return labs.labs()

    def containers(self, lab: str) -> tuple[str, ...]:
        """See Kernel."""
        with hints.doing(f"list the containers of the lab {lab}"):
            return labs.containers(lab)

    def lock(self, lab: str, timeout: float | None = None, *, host: bool = False) -> AbstractContextManager[None]:
        """See Kernel."""
        self._work_on(lab)
        return self._locked(lab, timeout, host)

    def processes(self, namespaces: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
        """See Kernel."""
        with hints.doing("find the processes of the lab"):
            return processes.inside(namespaces)

    def remove(self, lab: str, grace: float = 10.0, tell: Callable[[str], None] = lambda words: None) -> Sequence[KernelError]:
        """See Kernel."""
        self._work.known.clear()
        if self._work.places is not None:
            self._work.places.close()
        with hints.doing(f"read the lab {lab}"):
            return remove.remove(lab, grace, tell)

    def enter(self, lab: str, container: str, argv: Sequence[str]) -> NoReturn:
        """See Kernel."""
        enter.enter(lab, container, argv)

    def _check_kernel(self) -> None:
        """Once: a kernel stays what it is as long as topo runs."""
        if not self._able:
            hints.check_kernel()
            self._able = True

    @contextmanager
    def _locked(self, lab: str, timeout: float | None, host: bool) -> Iterator[None]:
        """Under the lock, what one call has opened is there for the next one."""
        lock = locks.lock(lab, timeout) if lab != self._work.locked else nullcontext()
        choosing = locks.choosing(timeout) if host else nullcontext()
        with lock, choosing, Places(lab, self._work.known) as places:
            self._work.places = places
            try:
                yield
            finally:
                self._work.places = None

    def _begun(self, scope: Scope) -> reading.Begun | None:
        """What is read ahead, if that is what is asked for: once."""
        begun = self._work.begun
        if begun is None or begun.lab != scope.lab or scope.namespaces is not None or scope.neighbours is not None:
            return None
        self._work.begun = None
        return begun

    def _places(self, lab: str) -> AbstractContextManager[Places]:
        held = self._work.places
        return nullcontext(held) if held is not None and held.lab == lab else Places(lab, self._work.known)

    def _work_on(self, lab: str) -> None:
        if lab != self._work.lab:
            self._work.lab = lab
            self._work.known.clear()

    def _lab_of(self, operations: Sequence[Operation]) -> str:
        """The lab that operations belong to: files do not say it, and are those of the lab that was observed or locked."""
        for operation in operations:
            name = operation.thing.name if isinstance(operation.thing, Namespace) else operation.namespace
            found = parts(name) if name else None
            if found:
                return found[0]
        return self._work.lab
