"""RunningLab: a lab that is in the kernel, known by its name alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn

from msgspec import Struct

from topo.kernel.protocol import Kernel
from topo.objects import State
from topo.objects.names import namespace_of
from topo.timings import stage


class RunningLab(Struct, frozen=True):
    """A lab of which something is in the kernel. It is read when it is asked, each time anew."""

    name: str
    kernel: Kernel

    @property
    def containers(self) -> tuple[str, ...]:
        """The names of its containers, sorted."""
        with stage("observe"):
            return self.kernel.containers(self.name)

    def observe(self) -> State:
        """All that it holds. Raises KernelError where that cannot be read."""
        from topo.observer import observe

        with stage("observe"):
            return observe(self.kernel, self.name)

    def processes(self) -> Mapping[str, tuple[int, ...]]:
        """container -> the ids of the processes in it."""
        names = {namespace_of(self.name, container): container for container in self.containers}
        with stage("observe"):
            return {names[namespace]: ids for namespace, ids in self.kernel.processes(names).items()}

    def enter(self, container: str, argv: Sequence[str]) -> NoReturn:
        """Becomes the command `argv`, inside a container. Raises UsageError for an unknown container, and KernelError."""
        self.kernel.enter(self.name, container, argv)
