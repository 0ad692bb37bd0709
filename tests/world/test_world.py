"""The guards themselves: what they must notice, they notice."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.world import leaks
from tests.world.waiting import wait_for

pytestmark = pytest.mark.live


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "GRACE", 0.0)


@pytest.mark.parametrize(
    ("breaks", "repairs", "subject"),
    [
        ("ip netns add topo.x", "ip netns delete topo.x", "mounts: /run/netns/topo.x"),
        ("mkdir -p /run/topo/x", "rm -r /run/topo", "files: /run/topo"),
        ("ip link add topo9 type veth peer name topo8", "ip link delete topo9", "network: "),
        (
            "sysctl -qw net.ipv4.ip_default_ttl=63",
            "sysctl -qw net.ipv4.ip_default_ttl=64",
            "sysctls: /proc/sys/net/ipv4/ip_default_ttl",
        ),
        ("nft add table inet topo", "nft delete table inet topo", "network: table inet topo"),
    ],
)
def test_what_a_test_leaves_is_seen(quick: None, breaks: str, repairs: str, subject: str) -> None:
    before = leaks.settled()
    subprocess.run(breaks.split(), check=True)
    problems = leaks.remaining(before)
    subprocess.run(repairs.split(), check=True)
    assert any(f"left behind, {subject}" in problem for problem in problems), problems


def test_a_process_is_seen_even_when_it_hides(quick: None) -> None:
    before = leaks.settled()
    process = subprocess.Popen(["setsid", "sleep", "60"])
    folder = Path(f"/proc/{process.pid}")
    # setsid becomes sleep, and an exec shows no environment for a moment.
    wait_for(
        lambda: (folder / "cmdline").read_bytes() == b"sleep\x0060\0" and (folder / "environ").read_bytes(),
        why="the process to be what it is to be",
    )
    problems = leaks.remaining(before)
    process.kill()
    process.wait()
    assert any("processes: " in problem and "sleep 60" in problem for problem in problems)


def test_an_open_namespace_is_seen(quick: None) -> None:
    before = leaks.settled()
    descriptor = os.open("/run/netns/canary", os.O_RDONLY)
    problems = leaks.remaining(before)
    os.close(descriptor)
    assert any("open namespaces" in problem for problem in problems)


@pytest.mark.parametrize(
    ("breaks", "repairs"),
    [
        ("ip -n canary address del 172.17.0.2/16 dev eth0", "ip -n canary address add 172.17.0.2/16 dev eth0"),
        ("ip link set foreign0 down", "ip link set foreign0 up"),
        ("ip netns exec canary nft add table inet x", "ip netns exec canary nft delete table inet x"),
    ],
)
def test_a_change_of_what_is_foreign_is_seen(quick: None, breaks: str, repairs: str) -> None:
    before = leaks.settled()
    subprocess.run(breaks.split(), check=True)
    seen = leaks.remaining(before)
    subprocess.run(repairs.split(), check=True)
    if "foreign0" in breaks:
        subprocess.run(["ip", "route", "add", "203.0.113.0/24", "via", "198.51.100.2", "proto", "bird"], check=True)
    assert seen


def test_run_of_the_machine_is_out_of_sight() -> None:
    assert not [path for path in Path("/run").iterdir() if path.name not in {"netns", "topo.canary"}]
