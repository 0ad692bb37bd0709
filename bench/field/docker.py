"""Docker, with a daemon of its own; a `docker run` each."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.field.images import busybox
from bench.field.rival import GATEWAY, SUBNET, Place, Rival, address, no_new_cgroups, run
from bench.processes import Failed

_CLIENT = ("docker", "--host", "unix:///run/rival.sock")


@contextmanager
def _daemon(place: Place) -> Iterator[None]:
    """dockerd, which ends with what it started; its network is that of this namespace."""
    folder = place.folder
    roots = [f"--data-root={folder}/data", "--exec-root=/run/rival", "--pidfile=/run/rival.pid", "--host=unix:///run/rival.sock"]
    with no_new_cgroups("docker"), (folder / "log").open("w") as log:
        daemon = subprocess.Popen(["dockerd", *roots, "--bridge=none"], stdout=log, stderr=log)
        try:
            _wait_for(daemon)
            run(*_CLIENT, "import", busybox(folder), "rival")
            yield
        except Failed as error:
            raise Failed(f"{error}{(folder / 'log').read_text()[-1500:]}") from None
        finally:
            daemon.terminate()
            daemon.wait()


def _wait_for(daemon: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while daemon.poll() is None and time.monotonic() < deadline:
        if not subprocess.run([*_CLIENT, "version"], capture_output=True).returncode:
            return
        time.sleep(0.1)
    raise Failed("dockerd does not start\n")


@contextmanager
def _lab(place: Place, containers: int) -> Iterator[None]:
    names = [f"c{each}" for each in range(containers)]
    run(*_CLIENT, "network", "create", "--subnet", SUBNET, "--gateway", GATEWAY, "lan")
    for number, name in enumerate(names):
        run(*_CLIENT, "run", "-d", "--name", name, "--network", "lan", "--ip", address(number), "rival", "/bin/sleep", "1d")
    yield
    run(*_CLIENT, "rm", "-f", *names)
    run(*_CLIENT, "network", "rm", "lan")


DOCKER = Rival("Docker", ["dockerd", "docker", "containerd", "runc", "iptables", "busybox"], _lab, _daemon, most=100)
