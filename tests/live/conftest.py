"""`topo`: the command line in a folder of its own, and no lab left when the test failed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.driving import Topo
from tests.live.reading import shell

pytest.register_assert_rewrite("tests.live.examples")  # what it found is told, as of a test


@pytest.fixture
def topo(tmp_path: Path) -> Iterator[Topo]:
    """A test takes its lab down itself, if that is what it tests; here goes what is left."""
    driver = Topo(tmp_path)
    yield driver
    left = driver.run("ls", "--json")
    for lab in json.loads(left.out or "[]"):
        name = lab["lab"] if "lab" in lab else lab["name"]
        assert driver.run("down", "--name", name, "--timeout", "1").code == 0


@pytest.fixture
def lan() -> Iterator[None]:
    """A network outside: the host is on it by eth1, and somebody else at 192.0.2.1 and fd00:2::1, in the namespace `outside`."""
    shell(
        """
        ip netns add outside
        ip link add eth1 address 02:0a:00:00:00:01 type veth peer name lan0 netns outside
        ip -n outside address add 192.0.2.1/24 dev lan0
        ip -n outside address add fd00:2::1/64 dev lan0 nodad
        ip -n outside link set lan0 up
        ip link set eth1 addrgenmode none
        ip link set eth1 up
        """
    )
    yield
    shell("ip link show eth1 >/dev/null 2>&1 && ip link del eth1; ip netns del outside")
