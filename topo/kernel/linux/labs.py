"""What is pinned and what stands in the folders -> the names of labs and of their containers."""

from __future__ import annotations

import os
from contextlib import suppress

from topo.kernel.linux import folders, namespaces
from topo.objects import names


def labs() -> tuple[str, ...]:
    """The names of the labs of which anything is left, sorted: a namespace, a leftover, or a folder."""
    pinned = {parts[0] for name in namespaces.every_name() if (parts := names.parts(name))}
    found = pinned | set(entries(folders.labs()))
    if not found:
        # What a command leaves that is killed after its very first mkdir is no lab's, so that no `down` would come to it.
        with suppress(OSError):
            folders.labs().rmdir()
    return tuple(sorted(found))


def containers(lab: str) -> tuple[str, ...]:
    """The names of the containers of a lab, sorted: those with a namespace, and those that are names for the host's."""
    parts = (names.parts(name) for name in namespaces.list(lab))
    own = {container for _, container in filter(None, parts) if container}
    return tuple(sorted(own | {name for name in entries(folders.containers(lab)) if on_host(lab, name)}))


def on_host(lab: str, container: str) -> bool:
    """Whether the container is only a name for the host's own namespace."""
    return (folders.containers(lab) / container / "host").exists()


def goes_out(lab: str, container: str) -> bool:
    """Whether the container is on a network with an uplink."""
    return (folders.containers(lab) / container / "uplink").exists()


def entries(folder: os.PathLike[str]) -> list[str]:
    """The names in a folder; none where there is no folder."""
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
