"""Killed at any message, mount or file: the next `up` converges, the next `down` leaves nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.live.driving import Topo
from tests.live.killing import CALLS, counted, killed
from tests.live.reading import namespaces

pytestmark = pytest.mark.live


def before() -> dict[str, Any]:
    return {
        "networks": {"front": {"subnet": ["10.0.0.0/24", "fd00::/64"]}, "back": {"subnet": "10.1.0.0/24"}},
        "containers": {
            "web": {"networks": ["front"], "sysctls": {"net.ipv4.ip_default_ttl": 99}, "loopback": ["10.255.0.1/32"]},
            "db": {"networks": ["front", "back"], "routes": [{"to": "192.0.2.0/24", "via": "10.0.0.2"}]},
        },
        "links": [{"endpoints": ["web:p0", "db:p0"], "subnet": "10.2.0.0/31"}],
    }


def after() -> dict[str, Any]:
    """One edit of every kind: of a name, MAC, MTU, address, route, sysctl; a container, network and cable go, others come."""
    return {
        "networks": {"front": {"subnet": ["10.0.0.0/24", "fd00::/64"], "mtu": 1400}, "third": {"subnet": "10.3.0.0/24"}},
        "containers": {
            "web": {
                "networks": [{"network": "front", "interface": "lan0", "mac": "02:00:00:00:00:07", "address": "10.0.0.7"}],
                "sysctls": {"net.ipv4.ip_default_ttl": 42},
                "hostname": "web.example",
            },
            "new": {"networks": ["front", "third"], "routes": [{"to": "192.0.2.0/24", "via": "10.0.0.7"}]},
        },
        "links": [{"endpoints": ["web:p0", "new:p0"], "subnet": "10.2.0.0/31"}],
    }


def gone(topo: Topo) -> None:
    topo.ok("down", "--name", "t", "--timeout", "1")
    assert not namespaces()
    assert not Path("/run/topo").exists()


def converged(topo: Topo, document: dict[str, Any]) -> None:
    topo.up(document)
    topo.settled(document)


def then(call: str, number: int) -> tuple[bool, ...]:
    """Whether the next command is `up`: of messages and mounts both are tried, of the many calls for files one."""
    return (False, True) if call in ("sendto", "sendmsg", "mount", "umount2", "unshare") else (number % 2 == 0,)


@pytest.mark.parametrize("call", CALLS)
def test_up(topo: Topo, call: str) -> None:
    file = topo.write(before())
    times = counted(topo, "up", file)[call]
    gone(topo)
    for number in range(1, times + 1):
        for then_up in then(call, number):
            assert killed(topo, call, number, "up", file), f"{call} {number}"
            if then_up:
                converged(topo, before())
            gone(topo)


@pytest.mark.parametrize("call", CALLS)
def test_edit(topo: Topo, call: str) -> None:
    topo.up(before())
    file = topo.write(after(), "after.yaml")
    times = counted(topo, "up", "--name", "t", file)[call]
    for number in range(1, times + 1):
        converged(topo, before())
        assert killed(topo, call, number, "up", "--name", "t", file), f"{call} {number}"
        if number % 3 == 0:
            gone(topo)
        elif number % 3 == 1:
            converged(topo, after())
    gone(topo)


@pytest.mark.parametrize("call", CALLS)
def test_down(topo: Topo, call: str) -> None:
    topo.up(before())
    times = counted(topo, "down", "--name", "t")[call]
    for number in range(1, times + 1):
        for then_up in then(call, number):
            topo.up(before())
            assert killed(topo, call, number, "down", "--name", "t"), f"{call} {number}"
            if then_up:
                converged(topo, before())
            gone(topo)
