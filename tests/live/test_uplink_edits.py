"""Every word of `uplink` is edited while containers talk, to each other and to the outside: nothing is lost."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.live import firewalls
from tests.live.driving import Topo
from tests.live.outside import outside
from tests.live.reading import shell
from tests.live.traffic import talk
from tests.world.waiting import wait_for

__all__ = ["outside"]

pytestmark = pytest.mark.live

WAYS: list[Any] = [
    "none",
    "nat",
    {"mode": "nat", "open_forward": False},
    {"mode": "nat", "open_forward": True},
    "routed",
    {"mode": "routed", "open_forward": False},
    {"bridge": "foreign0"},
    "nat",
    "none",
]
"""One after the other."""


def lab(uplink: Any, other: Any = "nat") -> dict[str, Any]:
    """`a` and `b` are on one network, whose MACs the file says: those of a LAN are others. `c` is on another one."""
    named = {
        name: {"network": "n", "address": f"10.0.0.{number}", "mac": f"02:00:00:00:00:{number:02}"}
        for number, name in enumerate("ab", 11)
    }
    networks = {"n": {"subnet": "10.0.0.0/24", "mac": "02:00:00:00:00:01", "uplink": uplink}}
    return {
        "networks": {**networks, "m": {"subnet": "10.1.0.0/24", "uplink": other}},
        "containers": {**{name: {"networks": [entry]} for name, entry in named.items()}, "c": {"networks": ["m"]}},
    }


@contextmanager
def reaching(address: str) -> Iterator[None]:
    """`c` pings it every 10 ms, and no answer is missing."""
    argv = ["ip", "netns", "exec", "topo.t.c", "ping", "-i", "0.01", "-n", address]
    ping = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    assert ping.stdout
    out = ping.stdout
    wait_for(lambda: "bytes from" in out.readline(), why="the first answer to a ping")
    try:
        yield
    finally:
        ping.send_signal(signal.SIGINT)
        said = ping.communicate(timeout=10)[0]
    found = re.search(r"(\d+) packets transmitted, (\d+) received", said)
    assert found
    assert int(found[1]) - int(found[2]) <= 1, said[-300:]


def test_those_on_the_network_notice_nothing(topo: Topo, outside: str) -> None:
    topo.up(lab(WAYS[0]))
    with talk("a", "b", "10.0.0.12"):
        for way in WAYS[1:]:
            topo.up(lab(way))
            topo.settled(lab(way))


def test_who_is_outside_from_another_network_notices_nothing(topo: Topo, outside: str) -> None:
    shell("ip -n outside route add 10.0.0.0/8 via 192.0.2.1")
    topo.up(lab(WAYS[0]))
    with reaching(outside):
        for way in WAYS[1:]:
            topo.up(lab(way))
            topo.settled(lab(way))


def test_rules_that_come_and_go_in_a_chain_that_lets_all_through(topo: Topo, outside: str) -> None:
    """The policy drops; a rule of somebody's accepts all the same: what topo puts before it changes nothing."""
    make, end = firewalls.DOCKER
    shell(f"{make}\niptables -A FORWARD -j ACCEPT")
    try:
        topo.up(lab("nat"))
        with reaching(outside):
            for opened in (False, True, False, True):
                way = {"mode": "nat", "open_forward": opened}
                topo.up(lab(way, way))
                topo.settled(lab(way, way))
            shell("iptables -F DOCKER-USER")
            topo.up(lab(way, way))
            assert shell("iptables -S DOCKER-USER").count("topo-t") == 2
    finally:
        shell(end)


def test_nat_becomes_routed_under_its_own_traffic(topo: Topo, outside: str) -> None:
    """The other way round a connection has another source than before, and must be made anew."""
    shell("ip -n outside route add 10.0.0.0/8 via 192.0.2.1")
    topo.up(lab("none", "nat"))
    with reaching(outside):
        topo.up(lab("none", "routed"))
        topo.up(lab("nat", "routed"))
        topo.up(lab("routed", "routed"))
    topo.settled(lab("routed", "routed"))
    topo.up(lab("none", "nat"))
    with reaching(outside):
        pass


def test_a_routed_network_goes_with_the_last_one_of_ipv6(topo: Topo, outside: str) -> None:
    """The uplink loses its IPv6 address, and its routes of IPv4 in the same edit."""
    both = {"subnet": ["10.0.0.0/24", "fd00::/64"], "uplink": "routed"}
    topo.up({"networks": {"n": both}, "containers": {"a": {"networks": ["n"]}}})
    topo.up({"networks": {"n": {"subnet": "10.0.0.0/24", "uplink": "nat"}}, "containers": {"a": {"networks": ["n"]}}})
    assert "10.0.0.0/24" not in shell("ip route show")
