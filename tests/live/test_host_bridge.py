"""A network that is plugged into a bridge of the host's: its containers are on that LAN, and the bridge stays what it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.live.driving import Topo
from tests.live.killing import at
from tests.live.reading import inside, links, shell
from tests.world import canary

pytestmark = [pytest.mark.live, pytest.mark.usefixtures("lan", "bridge")]


@pytest.fixture
def bridge(lan: None) -> Iterator[None]:
    """A bridge of the host's with an address, of which eth1 is a port."""
    rules = shell("nft list ruleset")
    shell("nft 'chain inet foreign forward { policy accept ; }'")  # br_netfilter, where it is loaded, asks it of frames, too
    shell(
        """
        ip link add br-lan type bridge mcast_snooping 0
        ip link set br-lan addrgenmode none
        ip link set eth1 master br-lan
        ip link set br-lan up
        ip address add 192.0.2.5/24 dev br-lan
        """
    )
    yield
    shell("ip link del br-lan 2>/dev/null || true")
    shell("nft 'chain inet foreign forward { policy drop ; }'")
    assert shell("nft list ruleset") == rules


def plugged(uplink: Any = None, **more: Any) -> dict[str, Any]:
    """Two containers on the network that br-lan is on."""
    way = {"bridge": "br-lan"} if uplink is None else uplink
    return {
        "networks": {"lan": {"subnet": ["192.0.2.0/24", "fd00:2::/64"], "gateway": "192.0.2.1", "uplink": way, **more}},
        "containers": {
            "a": {"networks": [{"network": "lan", "address": ["192.0.2.10", "fd00:2::10"]}]},
            "b": {"networks": [{"network": "lan", "address": ["192.0.2.11", "fd00:2::11"]}]},
        },
    }


def reaches(container: str, ip: str, lab: str = "t") -> bool:
    return not inside(container, f"ping -c1 -W1 {ip}", lab).returncode


def test_a_way_out_by_nat_cuts_nobody_on_the_bridge_off(topo: Topo) -> None:
    """Where br_netfilter is loaded, its rules see what goes from port to port."""
    document = plugged()
    document["networks"]["front"] = {"subnet": "10.0.0.0/24", "uplink": "nat"}
    topo.up(document)
    topo.settled(document)
    for ip in ("192.0.2.1", "fd00:2::1"):
        assert reaches("a", ip), ip
    topo.down()


def test_all_on_the_lan_reach_each_other_and_the_host_is_as_before(topo: Topo) -> None:
    before = canary.network(None)
    topo.up(plugged())
    topo.settled(plugged())
    for ip in ("192.0.2.1", "192.0.2.5", "192.0.2.11", "fd00:2::1", "fd00:2::11"):
        assert reaches("a", ip), ip
    assert "default via 192.0.2.1 dev eth0" in shell("ip -n topo.t.a route")
    changed = set(before) - set(canary.network(None))
    assert not changed, "the bridge keeps its MAC and its MTU"
    topo.down()
    assert canary.network(None) == before


def test_the_bridge_keeps_an_mtu_that_is_larger(topo: Topo) -> None:
    shell("ip link set eth1 mtu 9000; ip netns exec outside ip link set lan0 mtu 9000")
    assert "mtu 9000" in shell("ip link show br-lan")
    topo.up(plugged())
    assert "mtu 9000" in shell("ip link show br-lan")
    topo.up(plugged(mtu=9000))
    topo.settled(plugged(mtu=9000))
    assert not inside("a", "ping -c1 -W1 -M do -s 8900 192.0.2.1").returncode
    topo.down()


def test_a_bridge_without_a_port_keeps_its_mac(topo: Topo) -> None:
    shell("ip link set eth1 nomaster; ip link del br-lan")
    shell("ip link add br-lan type bridge mcast_snooping 0; ip link set br-lan addrgenmode none up")
    shell("ip address add 192.0.2.5/24 dev br-lan")
    mac = mac_of("br-lan")
    topo.up(plugged())
    topo.settled(plugged())
    assert mac_of("br-lan") == mac
    assert reaches("a", "192.0.2.5")
    topo.down()
    assert mac_of("br-lan") == mac


def mac_of(name: str) -> str:
    """The MAC of an interface of the host's."""
    return shell(f"ip -o link show {name}").partition("link/ether ")[2].split()[0]


def test_a_port_of_libvirts_stays_the_lowest(topo: Topo) -> None:
    shell("ip link set eth1 address fe:54:00:00:00:01")
    mac = mac_of("br-lan")
    assert mac == "fe:54:00:00:00:01"
    topo.up(plugged())
    assert mac_of("br-lan") == mac
    topo.down()


def test_two_labs_of_one_file(topo: Topo) -> None:
    """Their stations differ, so that who has the one address is not the one that has the other."""
    file = topo.write(plugged())
    topo.ok("up", "--name", "x", file)
    other = plugged()
    for name, number in (("a", 20), ("b", 21)):
        other["containers"][name]["networks"] = [{"network": "lan", "address": [f"192.0.2.{number}", f"fd00:2::{number}"]}]
    second = topo.write(other, "y.yaml")
    topo.ok("up", "--name", "y", second)
    assert links("topo.x.a")["eth0"]["address"] != links("topo.y.a")["eth0"]["address"]
    assert reaches("a", "192.0.2.20", "x")
    topo.ok("down", "--name", "x")
    assert reaches("a", "192.0.2.1", "y")
    topo.ok("down", "--name", "y")


DRIFT = {
    "unplugged at the host": "ip link set topo.t.lan nomaster",
    "unplugged inside": "ip -n topo.t link set lan.host nomaster",
    "down": "ip link set topo.t.lan down",
    "down inside": "ip -n topo.t link set lan.host down",
    "deleted": "ip link delete topo.t.lan",
    "another MTU": "ip -n topo.t link set lan.host mtu 1400",
    "the bridge in the fabric deleted": "ip -n topo.t link delete lan",
    "in another bridge": "ip link set topo.t.lan nomaster && ip link set topo.t.lan master foreign0",
}


@pytest.mark.parametrize("what", DRIFT)
def test_drift_is_seen_and_repaired(topo: Topo, what: str) -> None:
    before = canary.network(None)
    topo.up(plugged())
    shell(DRIFT[what])
    assert not topo.plan(plugged()).empty
    topo.up(plugged())
    topo.settled(plugged())
    assert reaches("a", "192.0.2.1")
    topo.down()
    assert canary.network(None) == before


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("ip link del br-lan", "the host has no interface br-lan"),
        ("ip link set br-lan down", "br-lan is down"),
        ("ip link del br-lan; ip link add br-lan type veth peer name br-l; ip link set br-lan up", "br-lan is no bridge"),
        ("ip link set eth1 mtu 1400", "write mtu: 1400, or less"),
    ],
)
def test_without_its_bridge_nothing_is_touched(topo: Topo, spoil: str, words: str) -> None:
    shell(spoil)
    before = canary.network(None)
    done = topo.run("up", topo.write(plugged()))
    assert done.code == 3
    assert "t.yaml:" in done.err
    assert "networks.lan.uplink" in done.err
    assert words in done.err
    assert canary.network(None) == before
    assert topo.run("ls", "--json").json == []


@pytest.mark.parametrize("way", ["nat", "none", {"mode": "routed"}])
def test_to_another_uplink_and_back(topo: Topo, way: Any) -> None:
    """The containers stay; their MACs are those of a LAN's, or of a lab's own network."""
    topo.up(plugged())
    other = plugged(way)
    if way in ("nat", "none"):
        del other["networks"]["lan"]["gateway"]
    other["networks"]["lan"]["subnet"] = ["192.0.2.0/24", "fd00:2::/64"] if way == "none" else ["10.7.0.0/24"]
    if way != "none":
        other["networks"]["lan"].pop("gateway", None)
        for name, ip in (("a", "10.7.0.10"), ("b", "10.7.0.11")):
            other["containers"][name]["networks"] = [{"network": "lan", "address": ip}]
    topo.up(other)
    topo.settled(other)
    assert "topo.t.lan" not in shell("ip link")
    topo.up(plugged())
    topo.settled(plugged())
    assert reaches("a", "192.0.2.1")
    topo.down()


def test_two_networks_on_one_bridge_make_no_loop(topo: Topo) -> None:
    """Nothing joins them but the LAN itself."""
    file = plugged()
    file["networks"]["more"] = {"subnet": "198.51.99.0/24", "uplink": {"bridge": "br-lan"}}
    file["containers"]["c"] = {"networks": [{"network": "more", "address": "198.51.99.2"}]}
    topo.up(file)
    topo.settled(file)
    assert reaches("a", "192.0.2.1")
    topo.down()


@pytest.mark.parametrize("point", ["message", "file"])
def test_killed_on_the_way(topo: Topo, point: str) -> None:
    before = canary.network(None)
    file = topo.write(plugged())
    for number in range(1, 500, 5):
        if not at(topo, point, number, "up", file):
            break
        if number % 2:
            topo.up(plugged())
            topo.settled(plugged())
            assert reaches("a", "192.0.2.1")
        topo.run("down", "--name", "t", "--timeout", "1")
        assert canary.network(None) == before
    topo.down()
    for number in range(1, 500, 4):
        topo.up(plugged())
        if not at(topo, point, number, "down", "--name", "t"):
            break
        topo.run("down", "--name", "t", "--timeout", "1")
        assert canary.network(None) == before
