"""A lab's name -> where its namespaces, objects and notes are: nothing else knows a path of topo's."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_RUN = Path("/run")


def namespaces() -> Path:
    """Where namespaces are pinned: iproute2's folder, so that `ip -n NAME` and `ip netns exec NAME` work."""
    return _RUN / "netns"


@cache  # asked for several times in a command, for each of a thousand
def namespace(name: str) -> Path:
    """The pin of a namespace: `topo.shop.web`."""
    return namespaces() / name


def labs() -> Path:
    """Where every lab has a folder of its name."""
    return _RUN / "topo"


def lab(name: str) -> Path:
    """The folder of a lab."""
    return labs() / name


def objects(name: str) -> Path:
    """What is observed of a lab that no kernel object can hold: files, and marks of sysctls."""
    return lab(name) / "objects"


def sysctls(name: str) -> Path:
    """A file per namespace, with the keys of the sysctls that topo wrote there, one a line."""
    return objects(name) / "sysctls"


def containers(name: str) -> Path:
    """A folder per container that has files of its own: hosts, hostname, host."""
    return objects(name) / "containers"


def hosts(name: str) -> Path:
    """A file per network, with the names and addresses of who is on it."""
    return objects(name) / "hosts"


def notes(name: str) -> Path:
    """What topo can lose without changing a plan: the lock, half-written files."""
    return lab(name) / "notes"


def lock(name: str) -> Path:
    """The file whose flock is the lab's lock."""
    return notes(name) / "lock"
