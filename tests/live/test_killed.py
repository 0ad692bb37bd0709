"""Killed before any message, mount or file: the next `up` converges, and the next `down` leaves nothing."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.live.driving import Topo
from tests.live.killing import at, counted, counted_by_both, killed, points
from tests.live.labs import CASES
from tests.live.points import POINTS
from tests.live.reading import links_of_host, namespaces

pytestmark = pytest.mark.live

FEWEST = {"message": 60, "mount": 3, "file": 20}
FEWEST_OF_DOWN = {"message": 1, "mount": 4, "file": 15}
FEWEST_ELSEWHERE = 20
"""How many points there are at least: a hook that counts nothing would hold nothing."""

OTHERS = {"mount": "mount", "umount": "umount2", "unshare": "unshare", "mkdir": "mkdir", "rename": "rename", "unlink": "unlink"}
"""What points.py calls them: what strace does."""


def before() -> dict[str, Any]:
    return {
        "networks": {
            "front": {"subnet": ["10.0.0.0/24", "fd00::/64"], "impair": [{"between": ["web", "db"], "rate": "9mbit"}]},
            "back": {"subnet": "10.1.0.0/24"},
        },
        "containers": {
            "web": {"networks": ["front"], "sysctls": {"net.ipv4.ip_default_ttl": 99}, "loopback": ["10.255.0.1/32"]},
            "db": {"networks": ["front", "back"], "routes": [{"to": "192.0.2.0/24", "via": "10.0.0.2"}]},
        },
        "links": [{"endpoints": ["web:p0", "db:p0"], "subnet": "10.2.0.0/31"}],
    }


def after() -> dict[str, Any]:
    """One edit of every kind: of a name, MAC, MTU, address, route, sysctl; a container, network and cable go, others come."""
    return {
        "networks": {
            "front": {
                "subnet": ["10.0.0.0/24", "fd00::/64"],
                "mtu": 1400,
                "impair": [{"from": "web", "to": "new", "rate": "8mbit"}],
            },
            "third": {"subnet": "10.3.0.0/24"},
        },
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
    """`up` makes it so, and then there is nothing to do."""
    topo.up(document)
    if topo.run("plan", "--check", topo.write(document)).code:
        topo.settled(document)
        raise AssertionError("plan --check finds something, and plan does not")


def tried(number: int, point: str) -> tuple[bool, bool]:
    """Whether `up` is tried after this kill, and whether `down` is: both; of the many points of files each other one."""
    return point != "file" or number % 4 < 2, point != "file" or number % 4 > 1


@pytest.mark.parametrize("first", [1, 2])
@pytest.mark.parametrize("point", POINTS)
def test_up(topo: Topo, point: str, first: int) -> None:
    file = topo.write(before())
    for number in count(first, 2):
        again, down = tried(number, point)
        if again:
            if not at(topo, point, number, "up", file):
                break
            converged(topo, before())
            gone(topo)
        if down:
            if not at(topo, point, number, "up", file):
                break
            gone(topo)
    assert number > FEWEST[point]
    gone(topo)


@pytest.mark.parametrize("first", [1, 2])
@pytest.mark.parametrize("point", POINTS)
def test_edit(topo: Topo, point: str, first: int) -> None:
    file = topo.write(after(), "after.yaml")
    for number in count(first, 2):
        again, down = tried(number, point)
        if down:
            topo.up(before())
            if not at(topo, point, number, "up", "--name", "t", file):
                break
            gone(topo)
        if again:
            topo.up(before())
            if not at(topo, point, number, "up", "--name", "t", file):
                break
            converged(topo, after())
    assert number > FEWEST[point]
    gone(topo)


@pytest.mark.parametrize("point", POINTS)
def test_down(topo: Topo, point: str) -> None:
    topo.up(before())
    for number in count(1):
        if not at(topo, point, number, "down", "--name", "t"):
            break
        converged(topo, before())
        at(topo, point, number, "down", "--name", "t")
        gone(topo)
        topo.up(before())
    assert number > FEWEST_OF_DOWN[point]
    assert not namespaces()


def chosen(kills: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """So many of them as TOPO_KILLS says, from all over; without it all."""
    most = int(os.environ.get("TOPO_KILLS", len(kills)))
    return [kills[(2 * number + 1) * len(kills) // (2 * most)] for number in range(most)]


@pytest.mark.usefixtures("lan")
@pytest.mark.parametrize(("before", "after"), CASES)
def test_kinds_that_not_every_kernel_has(topo: Topo, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Killed in `up`, in an edit, and in `down`; each time the next command finds everything again, on the host as well."""
    host = set(links_of_host())
    file, edited = topo.write(before), topo.write(after, "after.yaml")
    counts = [points(topo, "up", file), points(topo, "up", "--name", "t", edited), points(topo, "down", "--name", "t")]
    most = {point: max(count.get(point, 0) for count in counts) for point in POINTS}
    assert most["message"] > FEWEST_ELSEWHERE
    kills = [(point, number) for point in POINTS for number in range(1, most[point] + 1) if point != "file" or not number % 4]
    for point, number in chosen(kills):
        at(topo, point, number, "up", file)
        converged(topo, before)
        at(topo, point, number, "up", "--name", "t", edited)
        converged(topo, after)
        at(topo, point, number, "down", "--name", "t")
        gone(topo)
        assert set(links_of_host()) == host, (point, number)


@pytest.mark.parametrize("command", ["up", "edit", "down"])
def test_nothing_goes_past_the_points(topo: Topo, command: str) -> None:
    """What strace sees is what the command counts: there is no other road to the kernel."""
    if command != "up":
        topo.up(before())
    document = topo.write(after() if command == "edit" else before())
    argv = ("down", "--name", "t") if command == "down" else ("up", "--name", "t", document)
    said, seen = counted_by_both(topo, *argv)
    assert said["send"] == seen["sendto"] + seen["sendmsg"] > 0
    assert {name: said.get(name, 0) for name in OTHERS} == {name: seen[call] for name, call in OTHERS.items()}
    gone(topo)


@pytest.mark.parametrize("call", ["sendto", "mount", "unlink"])
def test_from_outside(topo: Topo, call: str) -> None:
    """The same by strace, for some: the kernel's own SIGKILL, at the system call."""
    file = topo.write(before())
    times = counted(topo, "up", file)[call]
    gone(topo)
    for number in sorted({1, times // 2, times} - {0}):
        assert killed(topo, call, number, "up", file), f"{call} {number}"
        converged(topo, before())
        gone(topo)
