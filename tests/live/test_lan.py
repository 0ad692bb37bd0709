"""Containers on a network outside, by an interface of the host's: they talk, and the host is as it was."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.live.driving import Topo
from tests.live.labs import outside
from tests.live.reading import addresses, inside, links, namespaces, shell
from tests.world import able, canary

pytestmark = [pytest.mark.live, pytest.mark.usefixtures("lan")]

DRIVERS = ["macvlan", pytest.param("ipvlan", marks=pytest.mark.needs("ipvlan"))]


def lan(driver: str = "macvlan", **more: Any) -> dict[str, Any]:
    """Two containers on the network that eth1 is on."""
    return {
        "networks": {"lan": {"driver": driver, "parent": "eth1", "subnet": ["192.0.2.0/24", "fd00:2::/64"], **more}},
        "containers": {
            "a": {"networks": [{"network": "lan", "address": ["192.0.2.10", "fd00:2::10"]}]},
            "b": {"networks": [{"network": "lan", "address": ["192.0.2.11", "fd00:2::11"]}]},
        },
    }


def reaches(container: str, ip: str, lab: str = "t") -> bool:
    """Whether one ping is answered, by whoever is looked up for it: that nobody answered before is not remembered."""
    shell(f"ip -n topo.{lab}.{container} neighbour flush all")
    return not inside(container, f"ping -c1 -W1 {ip}", lab).returncode


def host() -> list[str]:
    """All of the host's network but what changes by itself: whether a link has a carrier, who is in its neighbour table."""
    return [re.sub(r" state [A-Z]+ ", " ", line) for line in canary.network(None)]


@pytest.mark.parametrize("driver", DRIVERS)
def test_they_reach_each_other_and_whoever_is_outside(topo: Topo, driver: str) -> None:
    before = host()
    topo.up(lan(driver))
    topo.settled(lan(driver))
    for ip in ("192.0.2.11", "192.0.2.1", "fd00:2::11", "fd00:2::1"):
        assert reaches("a", ip), ip
    assert not shell("ip netns exec outside ping -c1 -W1 192.0.2.10 >/dev/null")
    assert links("topo.t.a")["eth0"]["linkinfo"]["info_kind"] == driver
    assert addresses("topo.t.a", "eth0") >= {"192.0.2.10/24", "fd00:2::10/64"}
    topo.down()
    assert host() == before


@pytest.mark.parametrize("driver", DRIVERS)
def test_two_labs_of_one_file_beside_each_other(topo: Topo, driver: str) -> None:
    """A MAC that both had would be one station of two: the switch outside would send to either."""
    file = topo.write(lan(driver))
    topo.ok("up", "--name", "x", file)
    other = lan(driver)
    for name, last in (("a", "20"), ("b", "21")):
        other["containers"][name]["networks"][0]["address"] = [f"192.0.2.{last}", f"fd00:2::{last}"]
    beside = topo.write(other, "other.yaml")
    topo.ok("up", "--name", "y", beside)
    assert reaches("a", "192.0.2.20", "x")
    assert topo.run("plan", "--check", "--name", "x", file).code == 0
    topo.down("x")
    assert topo.run("plan", "--check", "--name", "y", beside).code == 0
    assert reaches("a", "192.0.2.21", "y")
    assert reaches("a", "192.0.2.1", "y")
    topo.down("y")


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize(
    ("spoil", "words"), [("ip link set eth1 down", "is down"), ("ip link del eth1", "has no interface eth1")]
)
def test_without_its_parent_nothing_is_touched(topo: Topo, driver: str, spoil: str, words: str) -> None:
    shell(spoil)
    done = topo.run("up", topo.write(lan(driver)))
    assert done.code == 3, done
    assert words in done.err
    assert "t.yaml:" in done.err
    assert not namespaces()


@pytest.mark.parametrize("driver", DRIVERS)
def test_what_goes_with_its_parent_comes_with_it_again(topo: Topo, driver: str) -> None:
    topo.up(lan(driver))
    shell("ip link del eth1; ip link add eth1 type veth peer name lan0 netns outside; ip -n outside link set lan0 up")
    assert topo.run("plan", "--check", topo.write(lan(driver))).code == 3  # it is down
    shell("ip link set eth1 addrgenmode none; ip link set eth1 up; ip -n outside address add 192.0.2.1/24 dev lan0")
    changes = topo.plan(lan(driver)).changes
    assert {"containers/a/eth0", "containers/b/eth0", "containers/a/eth0/192.0.2.10/24"} <= set(changes)
    topo.up(lan(driver))
    topo.settled(lan(driver))
    assert reaches("a", "192.0.2.1")


@pytest.mark.parametrize("driver", DRIVERS)
def test_drift_is_repaired(topo: Topo, driver: str) -> None:
    topo.up(lan(driver))
    shell("ip -n topo.t.a link set eth0 mtu 1300; ip -n topo.t.b link set eth0 down")
    shell("ip -n topo.t.b link set eth0 name lan0")
    assert topo.plan(lan(driver)).changes["containers/a/eth0"] == "update"
    topo.up(lan(driver))
    topo.settled(lan(driver))
    shell("ip -n topo.t.a link del eth0")
    assert topo.plan(lan(driver)).changes["containers/a/eth0"] == "create"
    topo.up(lan(driver))
    topo.settled(lan(driver))


@pytest.mark.parametrize("driver", DRIVERS)
def test_another_parent_is_another_link(topo: Topo, driver: str) -> None:
    topo.up(lan(driver))
    shell("ip link add eth2 type veth peer name far2")
    shell("for name in eth2 far2; do ip link set $name addrgenmode none; ip link set $name up; done")
    try:
        document = lan(driver, parent="eth2")
        plan = topo.plan(document)
        assert plan.changes["containers/a/eth0"] == "replace"
        topo.up(document)
        topo.settled(document)
        assert reaches("a", "192.0.2.11")
        topo.down()
    finally:
        shell("ip link del eth2")


def test_a_mode_is_changed_in_place(topo: Topo) -> None:
    topo.up(lan())
    before = links("topo.t.a")["eth0"]["ifindex"]
    for mode in ("private", "vepa", "bridge"):
        plan = topo.plan(lan(mode=mode))
        assert plan.changes == {"containers/a/eth0": "update", "containers/b/eth0": "update"}
        topo.up(lan(mode=mode))
        topo.settled(lan(mode=mode))
        assert links("topo.t.a")["eth0"]["linkinfo"]["info_data"]["mode"] == mode
        assert reaches("a", "192.0.2.11") == (mode == "bridge")
        assert reaches("a", "192.0.2.1")
    assert links("topo.t.a")["eth0"]["ifindex"] == before


def test_a_mac_and_an_interfaces_name_are_changed_in_place(topo: Topo) -> None:
    topo.up(lan())
    edited = lan()
    edited["containers"]["a"]["networks"][0] |= {"mac": "02:00:00:00:00:77", "interface": "lan0"}
    assert topo.plan(edited).changes["containers/a/lan0"] == able.RENAMED
    topo.up(edited)
    topo.settled(edited)
    assert links("topo.t.a")["lan0"]["address"] == "02:00:00:00:00:77"
    assert reaches("a", "192.0.2.1")


@pytest.mark.needs("ipvlan")
def test_a_mode_of_an_ipvlan_is_changed_in_place(topo: Topo) -> None:
    topo.up(lan("ipvlan"))
    before = links("topo.t.a")["eth0"]["ifindex"]
    for mode in ("l3", "l3s", "l2"):
        document = lan("ipvlan", mode=mode)
        assert topo.plan(document).changes == {"containers/a/eth0": "update", "containers/b/eth0": "update"}
        topo.up(document)
        topo.settled(document)
        assert links("topo.t.a")["eth0"]["linkinfo"]["info_data"]["mode"] == mode
        assert reaches("a", "192.0.2.11")
    assert links("topo.t.a")["eth0"]["ifindex"] == before


@pytest.mark.needs("ipvlan")
@pytest.mark.parametrize("mode", ["l3", "l3s"])
def test_an_ipvlan_that_nobody_hears_of_is_reached_by_a_route(topo: Topo, mode: str) -> None:
    topo.up(lan("ipvlan", mode=mode))
    topo.settled(lan("ipvlan", mode=mode))
    shell("ip -n topo.t.a route replace default dev eth0; ip address add 198.51.100.9/24 dev eth1")
    shell("ip -n outside address add 198.51.100.8/24 dev lan0; ip -n outside address del 192.0.2.1/24 dev lan0")
    shell("ip -n outside route add 192.0.2.0/24 via 198.51.100.9")
    assert not shell("ip netns exec outside ping -c1 -W2 192.0.2.10 >/dev/null")
    shell("ip address del 198.51.100.9/24 dev eth1")


def test_in_passthru_the_container_is_the_parent(topo: Topo) -> None:
    before = host()
    document = lan(mode="passthru")
    del document["containers"]["b"]
    topo.up(document)
    topo.settled(document)
    assert links("topo.t.a")["eth0"]["address"] == "02:0a:00:00:00:01"
    assert reaches("a", "192.0.2.1")
    moved = lan(mode="passthru")
    del moved["containers"]["a"]
    topo.up(moved)
    topo.settled(moved)
    assert reaches("b", "192.0.2.1")
    together = lan()
    assert topo.plan(together).changes["containers/b/eth0"] == "replace"
    topo.up(together)
    topo.settled(together)
    topo.down()
    assert host() == before


def test_from_a_bridge_of_the_labs_own_and_back(topo: Topo) -> None:
    inner = lan()
    inner["networks"]["lan"] = {"subnet": ["192.0.2.0/24", "fd00:2::/64"], "gateway": False}
    topo.up(inner)
    topo.up(lan())
    topo.settled(lan())
    assert reaches("a", "192.0.2.1")
    topo.up(inner)
    topo.settled(inner)
    assert reaches("a", "192.0.2.11")
    assert not reaches("a", "192.0.2.1")


@pytest.mark.parametrize("driver", DRIVERS)
def test_what_show_says_of_it(topo: Topo, driver: str) -> None:
    topo.up(lan(driver))
    assert "on the host's eth1  mode " in topo.ok("show", "--name", "t").out
    rooms = json.loads(topo.ok("show", "--name", "t", "--json").out)["containers"]
    (eth0,) = [each for each in rooms[0]["interfaces"] if each["name"] == "eth0"]
    assert (eth0["kind"], eth0["parent"], eth0["owned"]) == (driver, "eth1", True)


@pytest.mark.parametrize("driver", DRIVERS)
def test_its_document_with_everything_decided_is_the_same_lab(topo: Topo, driver: str) -> None:
    topo.up(lan(driver))
    topo.settled(topo.ok("config", topo.write(lan(driver))).out)


def test_the_name_that_the_host_has_too(topo: Topo) -> None:
    """Older kernels look for the name of a new link in the namespace that they are asked in."""
    document = lan()
    document["containers"]["a"]["networks"][0]["interface"] = "eth1"
    topo.up(document)
    topo.settled(document)
    assert "eth1" in links("topo.t.a")


VLANS = pytest.mark.needs("vlan")


def tagged(driver: str = "macvlan") -> dict[str, Any]:
    return lan(driver, parent="eth1.100")


def parents() -> str:
    return shell("ip -o link show | grep -o 'eth1[.][0-9]*' | sort -u || true")


@VLANS
def test_a_parent_with_a_vlan_is_made_and_goes_with_the_last_lab(topo: Topo) -> None:
    before = host()
    shell(
        """
        ip -n outside link add link lan0 name lan0.100 type vlan id 100
        ip -n outside address del 192.0.2.1/24 dev lan0
        ip -n outside address add 192.0.2.1/24 dev lan0.100
        ip -n outside link set lan0.100 up
        """
    )
    file = topo.write(tagged())
    topo.ok("up", "--name", "x", file)
    assert topo.run("plan", "--check", "--name", "x", file).code == 0
    assert reaches("a", "192.0.2.1", "x")
    other = topo.write(
        {**tagged(), "containers": {"c": {"networks": [{"network": "lan", "address": ["192.0.2.20", "fd00:2::20"]}]}}}
    )
    topo.ok("up", "--name", "y", other)
    assert reaches("c", "192.0.2.10", "y")
    topo.down("x")
    assert parents() == "eth1.100\n"
    assert topo.run("plan", "--check", "--name", "y", other).code == 0
    assert reaches("c", "192.0.2.1", "y")
    topo.down("y")
    assert parents() == ""
    assert host() == before


@VLANS
def test_the_last_lab_does_not_take_it_from_the_next_one(topo: Topo) -> None:
    file = topo.write(tagged())
    topo.ok("up", "--name", "x0", file)
    for turn in range(4):
        last, following = f"x{turn}", f"x{turn + 1}"
        with topo.start("down", "--name", last) as down, topo.start("up", "--name", following, file) as up:
            ended = [down.communicate(timeout=60), up.communicate(timeout=60)]
        assert (down.returncode, up.returncode) == (0, 0), ended
        assert topo.run("plan", "--check", "--name", following, file).code == 0
    topo.down("x4")
    assert parents() == ""


@VLANS
def test_a_parent_with_a_vlan_goes_with_an_edit(topo: Topo) -> None:
    topo.up(tagged())
    assert topo.plan(lan()).changes["lab/parents/eth1.100"] == "delete"
    topo.up(lan())
    topo.settled(lan())
    assert parents() == ""
    topo.up(tagged())
    shell("ip link set eth1.100 down")
    assert topo.plan(tagged()).changes == {"lab/parents/eth1.100": "update"}
    topo.up(tagged())
    shell("ip link del eth1.100")
    topo.up(tagged())
    topo.settled(tagged())
    topo.down()


@VLANS
def test_one_that_somebody_else_has_made_stays(topo: Topo) -> None:
    shell("ip link add link eth1 name eth1.100 type vlan id 100; ip link set eth1.100 addrgenmode none; ip link set eth1.100 up")
    before = host()
    topo.up(tagged())
    topo.settled(tagged())
    topo.down()
    assert host() == before
    shell("ip link set eth1.100 down")
    done = topo.run("up", topo.write(tagged()))
    assert done.code == 3, done
    assert "the host's interface eth1.100 is down" in done.err
    assert not namespaces()


@VLANS
def test_what_it_is_to_stand_on_is_missing(topo: Topo) -> None:
    done = topo.run("up", topo.write(lan(parent="eth9.100")))
    assert done.code == 3, done
    assert "the host has no interface eth9" in done.err
    assert not namespaces()


def test_a_kernel_without_vlans_says_so(topo: Topo) -> None:
    if able.has("vlan"):
        topo.up(tagged())
        topo.down()
        return
    done = topo.run("up", topo.write(tagged()))
    assert done.code == 3, done
    assert "this kernel has no interfaces with a VLAN" in done.err
    assert "modprobe 8021q" in done.err
    assert not namespaces()


def _with_macs(web: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    lab = outside("macvlan")
    for name, options in {"web": web, "one": one}.items():
        lab["containers"][name]["networks"][0].update(options)
    return lab


def test_a_mac_is_let_go_before_another_takes_it(topo: Topo) -> None:
    """The kernel takes none twice on one parent."""
    first, second = {"mac": "02:00:00:00:00:0a"}, {"mac": "02:00:00:00:00:0b"}
    before = _with_macs(first, second)
    topo.up(before)
    exchanged = _with_macs(second, first)
    assert [topo.plan(exchanged).changes[f"containers/{name}/eth0"] for name in ("web", "one")] == ["update", "update"]
    topo.up(exchanged)
    topo.settled(exchanged)
    moved = _with_macs(second, {})
    moved["networks"]["far"] = {"driver": "macvlan", "parent": "eth1", "subnet": "198.51.100.0/25"}
    moved["containers"]["one"]["networks"] = [{"network": "far", "interface": "x0", "address": "198.51.100.2", **first}]
    topo.up(moved)
    topo.settled(moved)
