"""Podman with crun, without a daemon; a `podman run` each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from bench.field.images import busybox
from bench.field.rival import GATEWAY, SUBNET, Place, Rival, address, no_new_cgroups, run


def _podman(place: Place, *argv: str) -> str:
    roots = [
        "--root",
        str(place.folder / "data"),
        "--runroot",
        "/run/rival",
        "--network-config-dir",
        str(place.folder / "networks"),
    ]
    return run("podman", *roots, "--runtime=crun", "--cgroup-manager=cgroupfs", "--events-backend=none", *argv)


@contextmanager
def _image(place: Place) -> Iterator[None]:
    """The file system. crun refuses a machine with both versions of cgroups, so the second goes, from this mount namespace."""
    if os.path.ismount("/sys/fs/cgroup/unified"):
        run("umount", "/sys/fs/cgroup/unified")
    _podman(place, "import", str(busybox(place.folder)), "rival")
    with no_new_cgroups("libpod_parent"):
        yield


@contextmanager
def _lab(place: Place, containers: int) -> Iterator[None]:
    names = [f"c{each}" for each in range(containers)]
    _podman(place, "network", "create", "--subnet", SUBNET, "--gateway", GATEWAY, "lan")
    for number, name in enumerate(names):
        where = ["--network", "lan", "--ip", address(number), "--ulimit", "host"]
        _podman(place, "run", "-d", "--name", name, *where, "rival", "/bin/sleep", "1d")
    yield
    _podman(place, "rm", "-f", "-t", "0", *names)
    _podman(place, "network", "rm", "lan")


PODMAN = Rival("Podman", ["podman", "crun", "/usr/lib/podman/netavark", "busybox", "iptables"], _lab, _image, most=100)
