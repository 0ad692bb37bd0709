"""Kernel -> State (actual): one look at all that a lab has."""

from __future__ import annotations

from collections.abc import Iterable

from topo.kernel.protocol import Kernel, Neighbours, Scope
from topo.objects import State


def observe(
    kernel: Kernel,
    lab: str,
    *,
    namespaces: Iterable[str] | None = None,
    neighbours: Neighbours | None = None,
    host: bool = False,
) -> State:
    """What the kernel holds of a lab; of it only `namespaces` (None: all) and the fabric, and of the containers' neighbours only
    `neighbours` (None: all); host: and what a way out depends on. See Scope. Raises KernelError."""
    return kernel.observe(Scope(lab, None if namespaces is None else frozenset(namespaces), neighbours, host))
