"""operations -> State: a kernel in memory for tests, made of what the kinds say of themselves; it knows none of them by name."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import NoReturn

from msgspec import Struct, field

from topo.errors import KernelError, LockTimeoutError, UsageError
from topo.kernel.protocol import Failure, Operation, Scope
from topo.kernel.world import Loss, World
from topo.objects import KINDS, Object, State
from topo.objects.names import fabric_of, parts
from topo.objects.state import ALL_FEATURES


class Killed(BaseException):
    """The process would be dead now: what was executed stays, and nobody cleans up."""


class Entered(BaseException):
    """The process would be the command now. `args` are the lab, the container and the command."""


class _Held(Struct):
    """What one lab is made of. Files are told apart from another lab's only by being here."""

    world: World = field(default_factory=World)
    running: dict[str, tuple[int, ...]] = field(default_factory=dict)
    locked: bool = False


class FakeKernel:
    """Implements `Kernel`. Every operation is checked as a kernel does: ENOENT when what it requires is not there, EEXIST when
    another object has its place; what stands on something that goes, goes too.

    features: what this kernel can do, as in State. executed: all operations so far, the refused ones included.
    """

    def __init__(self, features: frozenset[str] = ALL_FEATURES) -> None:
        self.features = features
        self.executed: list[Operation] = []
        self._labs: dict[str, _Held] = {}
        self._lab = ""
        self._errors: dict[int, int] = {}
        self._kill: int | None = None

    def fail(self, at: int, error: int) -> None:
        """The operation number `at` from now on (0 is the next one) is refused with this errno, once."""
        self._errors[len(self.executed) + at] = error

    def kill(self, at: int | None) -> None:
        """Raises Killed instead of executing the operation number `at` from now on. None: never."""
        self._kill = None if at is None else len(self.executed) + at

    def alter(self, lab: str, before: Object | None, after: Object | None) -> tuple[Loss, ...]:
        """Somebody who is not topo makes the one the other, unchecked. Returns what was lost by it."""
        return self._held(lab).world.step(before, after)

    def run(self, lab: str, namespace: str, *pids: int) -> None:
        """There are processes in a namespace."""
        self._held(lab).running[namespace] = pids

    def observe(self, scope: Scope) -> State:
        """Everything that the lab has, whichever objects are wanted."""
        self._lab = scope.lab
        held = self._labs.get(scope.lab)
        if held:
            held.world.recount()
        objects = held.world.objects.values() if held else ()
        near = None if scope.namespaces is None else scope.namespaces | {fabric_of(scope.lab)}
        chosen = (thing for thing in objects if near is None or _within(thing, near))
        return State.of(scope.lab, chosen, features=self.features)

    def check(self, things: Iterable[Object]) -> Mapping[str, KernelError]:  # noqa: ARG002
        """It has nothing against any."""
        return {}

    def tried(self, desired: State) -> Sequence[KernelError]:  # noqa: ARG002
        """In it all works."""
        return ()

    def advice(self, desired: State) -> Sequence[str]:  # noqa: ARG002
        """It has no surprises."""
        return ()

    def execute(self, operations: Sequence[Operation]) -> Sequence[Failure]:
        """One after the other, each on its own; goes on after a failure."""
        namespaces = {operation.namespace for operation in operations}
        assert len(namespaces) <= 1, f"one batch is for one namespace, not for {namespaces}"
        return [Failure(operation, error) for operation in operations if (error := self._execute(operation))]

    def _execute(self, operation: Operation) -> KernelError | None:
        number = len(self.executed)
        if self._kill is not None and number >= self._kill:
            self._kill = None
            raise Killed
        self.executed.append(operation)
        if error := self._errors.pop(number, 0):
            return KernelError(f"{operation.thing.address}: refused", errno=error)
        world = self._held(self._lab_of(operation)).world
        if refusal := _refusal(world, operation):
            return refusal
        if operation.before is not None or operation.after is None or operation.after.key not in world.objects:
            world.step(operation.before, operation.after)
        return None

    def ahead(self, lab: str, *, change: bool = False) -> AbstractContextManager[None]:  # noqa: ARG002
        """Begins nothing."""
        return nullcontext()

    def labs(self) -> tuple[str, ...]:
        """Those that have an object left."""
        return tuple(sorted(lab for lab, held in self._labs.items() if held.world.objects))

    def containers(self, lab: str) -> tuple[str, ...]:
        """Those that have an object left: a namespace, or a file of their own."""
        held = self._labs.get(lab)
        addresses = [thing.address.split("/") for thing in held.world.objects.values()] if held else []
        return tuple(sorted({address[1] for address in addresses if address[0] == "containers"}))

    @contextmanager
    def lock(self, lab: str, timeout: float | None = None, *, host: bool = False) -> Iterator[None]:  # noqa: ARG002
        """Raises LockTimeoutError at once when it is held: nobody else would ever release it."""
        self._lab = lab
        held = self._held(lab)
        if held.locked:
            raise LockTimeoutError(f"another topo works on the lab {lab}")
        held.locked = True
        try:
            yield
        finally:
            held.locked = False

    def processes(self, namespaces: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
        """Those that `run` put there."""
        running = {name: pids for held in self._labs.values() for name, pids in held.running.items() if pids}
        return {name: running[name] for name in namespaces if name in running}

    def remove(
        self,
        lab: str,
        grace: float = 10.0,  # noqa: ARG002
        tell: Callable[[str], None] = lambda words: None,  # noqa: ARG002
    ) -> Sequence[KernelError]:
        """Forgets it, and never meets an error."""
        self._labs.pop(lab, None)
        return ()

    def enter(self, lab: str, container: str, argv: Sequence[str]) -> NoReturn:
        """Raises Entered, or UsageError when there is no such container."""
        if container not in self.containers(lab):
            raise UsageError(f"lab {lab} has no container {container}")
        raise Entered(lab, container, tuple(argv))

    def _held(self, lab: str) -> _Held:
        return self._labs.setdefault(lab, _Held())

    def _lab_of(self, operation: Operation) -> str:
        """What is in no namespace is of the lab that was observed or locked last."""
        names = KINDS[operation.thing.kind].namespaces(operation.thing)
        found = next((part for name in names if (part := parts(name))), None)
        return found[0] if found else self._lab


def _within(thing: Object, namespaces: frozenset[str]) -> bool:
    return namespaces.issuperset(KINDS[thing.kind].namespaces(thing))


def _refusal(world: World, operation: Operation) -> KernelError | None:
    before, after = operation.before, operation.after
    if after is None:
        return None
    current = world.objects.get(after.key)
    if before is not None and before.key not in world.objects:
        return KernelError(f"{before.address}: there is no such {before.kind}", errno=errno.ENOENT)
    if before is None and current is not None and current != after:
        return KernelError(f"{after.address}: there is another one in its place", errno=errno.EEXIST)
    if missing := world.missing(after):
        return KernelError(f"{after.address}: {' '.join(missing[0])} is missing", errno=errno.ENOENT)
    if unwanted := world.unwanted(after):
        return KernelError(f"{after.address}: {' '.join(unwanted[0])} is in use here", errno=errno.EINVAL)
    if other := world.in_the_way(after, before):
        return KernelError(f"{after.address}: {other.address} has its place", errno=errno.EEXIST)
    return None
