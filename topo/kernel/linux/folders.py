"""A lab's name -> where its namespaces, objects and notes are: nothing else knows a path of topo's."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_RUN = Path("/run")


def namespaces() -> Path:
    """Where namespaces are pinned: iproute2's folder, so that `ip -n NAME` and `ip netns exec NAME` work."""
    return _below(_RUN, "netns")


def namespace(name: str) -> Path:
    """The pin of a namespace: `topo.shop.web`."""
    return _below(namespaces(), name)


def labs() -> Path:
    """Where every lab has a folder of its name."""
    return _below(_RUN, "topo")


def lab(name: str) -> Path:
    """The folder of a lab."""
    return _below(labs(), name)


def objects(name: str) -> Path:
    """What is observed of a lab that no kernel object can hold: files, and marks of sysctls."""
    return _below(lab(name), "objects")


def sysctls(name: str) -> Path:
    """A file per namespace, with the keys of the sysctls that topo wrote there, one a line."""
    return _below(objects(name), "sysctls")


def parents(name: str) -> Path:
    """An empty file for each interface that the lab shares with others in the host's namespace."""
    return _below(lab(name), "parents")


def forwarder(name: str) -> Path:
    """The socket by which the forwarder of the lab is found, which serves its published ports."""
    return _below(lab(name), "forwarder")


def containers(name: str) -> Path:
    """A folder per container that has files of its own: hosts, hostname, host."""
    return _below(objects(name), "containers")


def hosts(name: str) -> Path:
    """A file per network, with the names and addresses of who is on it."""
    return _below(objects(name), "hosts")


def notes(name: str) -> Path:
    """What topo can lose without changing a plan: the lock, half-written files."""
    return _below(lab(name), "notes")


def lock(name: str) -> Path:
    """The file whose flock is the lab's lock."""
    return _below(notes(name), "lock")


@cache  # asked for several times of each of a thousand containers
def _below(folder: Path, what: str) -> Path:
    return folder / what
