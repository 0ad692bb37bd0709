"""A bridge has IPv6, its ports have not: each from its birth, whatever comes up together."""

from __future__ import annotations

from typing import Any

import pytest

from tests.live.driving import Topo
from tests.live.labs import shop
from tests.live.reading import shell

pytestmark = pytest.mark.live

DEFAULT = "default"


def off() -> dict[str, bool]:
    """interface of the fabric -> whether IPv6 is off."""
    said = shell("ip netns exec topo.t grep -H . -r /proc/sys/net/ipv6/conf --include disable_ipv6")
    lines = (line.partition(":") for line in said.splitlines())
    return {path.split("/")[-2]: value == "1" for path, _, value in lines}


def expected(document: dict[str, Any], *, ports: bool = True) -> dict[str, bool]:
    """What it must be where all attachments have names of their own. Ports whose MTU is below 1280 have no IPv6 to be off."""
    bridges = dict.fromkeys(document["networks"], False)
    attached = {name: container["networks"] for name, container in document["containers"].items()}
    ends = {f"{name}.eth{number}": True for name, networks in attached.items() for number in range(len(networks))}
    return {"all": False, "lo": False, DEFAULT: True, **bridges, **(ends if ports else {})}


def two(**first: Any) -> dict[str, Any]:
    """Two networks, and a container on each."""
    return {
        "networks": {"lan": {"subnet": "10.0.0.0/24", **first}, "wan": {"subnet": "10.1.0.0/24"}},
        "containers": {"a": {"networks": ["lan"]}, "b": {"networks": ["wan"]}},
    }


def test_in_one_up(topo: Topo) -> None:
    topo.up(shop())
    assert off() == expected(shop())


def test_a_network_beside_new_containers_of_another(topo: Topo) -> None:
    """`a` and `c` are plugged into the bridge that is there, in the same moment in which another one is made."""
    topo.up(two())
    more = two()
    more["networks"] |= {"also": {"subnet": "10.2.0.0/24"}, "dmz": {"subnet": ["10.3.0.0/24", "fd00:3::/64"]}}
    more["containers"] |= {"a": {"networks": ["lan", "wan", "dmz"]}, "c": {"networks": ["lan", "also"]}}
    topo.up(more)
    assert off() == expected(more)
    topo.settled(more)


def test_a_bridge_that_comes_again(topo: Topo) -> None:
    topo.up(two())
    shell("ip -n topo.t link delete lan")
    topo.up(two())
    assert off() == expected(two())


def test_ports_that_come_again_where_somebody_has_changed_the_default(topo: Topo) -> None:
    """As it is when topo was killed in the moment for which it is another one."""
    topo.up(two())
    shell("ip netns exec topo.t sysctl -qw net.ipv6.conf.default.disable_ipv6=0; ip -n topo.t link delete a.eth0")
    assert topo.plan(two()).changes["lab/sysctls/net.ipv6.conf.default.disable_ipv6"] == "update"
    topo.up(two())
    assert off() == expected(two())


def test_a_bridge_whose_mtu_grows(topo: Topo) -> None:
    """Below 1280 an interface has no IPv6 at all; above it is born anew, with what the default says in that moment."""
    topo.up(two(mtu=1000))
    assert "lan" not in off()
    shell("ip -n topo.t link set a.eth0 mtu 1500; ip netns exec topo.t sysctl -qw net.ipv6.conf.a/eth0.disable_ipv6=1")
    topo.up(two(mtu=1500))
    assert off() == expected(two())
    topo.settled(two(mtu=1500))


def test_a_bridge_whose_ipv6_somebody_has_switched_off(topo: Topo) -> None:
    topo.up(two())
    shell("ip netns exec topo.t sysctl -qw net.ipv6.conf.lan.disable_ipv6=1")
    assert topo.plan(two()).changes == {"networks/lan": "update"}
    topo.up(two())
    assert off() == expected(two())


def test_ports_whose_mtu_grows_with_their_bridge(topo: Topo) -> None:
    narrow, wide = two(mtu=1000), two(mtu=1500)
    topo.up(narrow)
    topo.up(wide)
    assert off() == expected(wide)


def test_ports_that_are_made_before_a_bridge(topo: Topo) -> None:
    """The bridge must wait until its name is free; `c` need not wait."""
    topo.up(two())
    shell(
        "ip -n topo.t link set wan down; ip -n topo.t link set wan name old group 0;"
        "ip -n topo.t link add wan group 1946157133 type ifb"
    )
    more = two()
    more["containers"]["c"] = {"networks": ["lan", "wan"]}
    topo.up(more)
    assert off() == expected(more) | {"old": False}
