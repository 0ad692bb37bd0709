"""Kernel -> State (actual): one look at all that a lab has."""

from __future__ import annotations

from collections.abc import Iterable

from topo.kernel.protocol import Kernel, Scope
from topo.objects import State


def observe(kernel: Kernel, desired: State | None, lab: str, *, namespaces: Iterable[str] | None = None) -> State:
    """What the kernel holds of a lab; of it only `namespaces` (None: all) and the fabric.

    `desired` says which things that no dump shows (sysctls) are to be read. Raises KernelError.
    """
    wanted = tuple(desired.objects.values()) if desired else ()
    return kernel.observe(Scope(lab, wanted, None if namespaces is None else frozenset(namespaces)))
