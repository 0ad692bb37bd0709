"""Kernel: what topo needs of a kernel, real or fake: observe a lab, execute operations, enter a container."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NoReturn, Protocol

from msgspec import Struct

from topo.errors import KernelError
from topo.objects import Object, State

Neighbours = Mapping[str, Collection[tuple[str, str]]]
"""namespace -> (interface, address) of entries of its neighbour tables."""


class Scope(Struct, frozen=True):
    """What to observe: the lab; of it only `namespaces` (None: all), and always the fabric; of the containers' permanent
    neighbours only `neighbours` (None: all), by namespace: (interface, address). host: and what the way out depends on."""

    lab: str
    namespaces: frozenset[str] | None = None
    neighbours: Neighbours | None = None
    host: bool = False


class Operation(Struct, frozen=True):
    """One step of a change. `before` None: create. `after` None: delete. `needs` are ids of operations that come first.

    `namespace` is where it is executed (None: the host's); `change` the plan address of the change that it belongs to.
    """

    id: int
    namespace: str | None
    before: Object | None
    after: Object | None
    needs: tuple[int, ...]
    change: str

    @property
    def thing(self) -> Object:
        """The object that it is about."""
        thing = self.after or self.before
        assert thing is not None
        return thing


class Failure(Struct, frozen=True):
    """An operation that the kernel refused, and what it said."""

    operation: Operation
    error: KernelError


class Kernel(Protocol):
    """The seam. `topo.kernel.linux.LinuxKernel` is the real one, `topo.kernel.fake.FakeKernel` one for tests."""

    def observe(self, scope: Scope) -> State:
        """What the kernel holds of a lab: everything in its namespaces, marked or not, and its files.

        Raises KernelError where it cannot be read (no permission, a kernel too old). An unknown lab is an empty state.
        """

    def ahead(self, lab: str, *, change: bool = False) -> AbstractContextManager[None]:
        """As long as the context lasts, the whole lab is about to be observed, once, by the calling thread: the kernel may begin
        with that beside what the caller does. change: to be changed then, so the kernel may take the lab's lock now, if it is
        free. No promise: raises nothing."""

    def check(self, things: Iterable[Object]) -> Mapping[str, KernelError]:
        """Of objects that are to be: plan address -> what this kernel has against it. Nothing of the lab is touched."""

    def advice(self, desired: State) -> Sequence[str]:
        """Sentences on what of this machine will surprise whoever brings such a lab up."""

    def tried(self, desired: State) -> Sequence[KernelError]:
        """Of a lab that is up: what of it does not work although it is all there, found by trying, and what to do about it."""

    def execute(self, operations: Sequence[Operation]) -> Sequence[Failure]:
        """Executes operations of one namespace in this order, in as few messages as can be; goes on after a failure.

        Idempotent: what is there already is not created again, what is gone need not be deleted.
        """

    def labs(self) -> tuple[str, ...]:
        """The names of the labs of which anything is left, sorted."""

    def containers(self, lab: str) -> tuple[str, ...]:
        """The names of the containers of a lab, those on the host's namespace included, sorted."""

    def lock(self, lab: str, timeout: float | None = None, *, host: bool = False) -> AbstractContextManager[None]:
        """Excludes every other process from changing the lab. `timeout` in seconds (None: for ever), then LockTimeoutError.

        host: and from choosing meanwhile, for another lab, what a way out takes of the host: two must not choose the same."""

    def processes(self, namespaces: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
        """namespace -> ids of the processes in it; namespaces without one are left out."""

    def remove(self, lab: str, grace: float = 10.0, tell: Callable[[str], None] = lambda words: None) -> Sequence[KernelError]:
        """Ends the lab: its processes (TERM, after `grace` seconds KILL), namespaces, devices and files, and waits until all
        is really gone. Needs no file and no state, goes on after an error, and returns those that it met."""

    def enter(self, lab: str, container: str, argv: Sequence[str]) -> NoReturn:
        """Becomes the command, inside the container: its namespace, hosts, hostname. Raises only before it has changed anything
        that cannot be undone: UsageError for an unknown lab or container, KernelError."""
