"""What a port of a bridge is like: said in the file, changed in place, repaired."""

from __future__ import annotations

from typing import Any

import pytest

from tests.live.driving import Topo
from tests.live.reading import inside, links, shell
from tests.world import able

pytestmark = pytest.mark.live


def three(**options: bool) -> dict[str, Any]:
    """Three on a bridge, of whom the first two are so."""
    return {
        "networks": {"lan": {"subnet": "10.0.0.0/24"}},
        "containers": {name: {"networks": [{"network": "lan", **options}]} for name in ("a", "b")} | {"c": {"networks": ["lan"]}},
    }


def port(container: str) -> dict[str, Any]:
    found: dict[str, Any] = links("topo.t")[f"{container}.eth0"]["linkinfo"]["info_slave_data"]
    return found


def reaches(ip: str) -> bool:
    shell("ip -n topo.t.a neighbour flush all nud stale nud failed nud reachable")
    return not inside("a", f"ping -c1 -W1 {ip}").returncode


def test_isolated_ports_reach_only_those_that_are_not(topo: Topo) -> None:
    topo.up(three(isolated=True))
    topo.settled(three(isolated=True))
    assert [reaches(f"10.0.0.{last}") for last in (1, 3, 4)] == [True, False, True]
    plan = topo.plan(three())
    assert plan.changes == {"containers/a/eth0": "update", "containers/b/eth0": "update"}
    topo.up(three())
    topo.settled(three())
    assert reaches("10.0.0.3")


def test_hairpin_and_what_somebody_does_to_it(topo: Topo) -> None:
    topo.up(three(hairpin=True))
    topo.settled(three(hairpin=True))
    assert port("a")["hairpin"]
    assert not port("c")["hairpin"]
    shell(
        "ip -n topo.t link set a.eth0 type bridge_slave hairpin off; ip -n topo.t link set c.eth0 type bridge_slave isolated on"
    )
    assert topo.plan(three(hairpin=True)).changes == {"containers/a/eth0": "update", "containers/c/eth0": "update"}
    topo.up(three(hairpin=True))
    topo.settled(three(hairpin=True))
    assert not port("c")["isolated"]


def test_a_port_that_was_taken_off_its_bridge_is_as_before_again(topo: Topo) -> None:
    topo.up(three(isolated=True))
    shell("ip -n topo.t link set a.eth0 nomaster")
    topo.up(three(isolated=True))
    topo.settled(three(isolated=True))
    assert port("a")["isolated"]


def test_on_another_bridge_it_is_so_too(topo: Topo) -> None:
    topo.up(three(isolated=True, hairpin=True))
    other = three(isolated=True, hairpin=True)
    other["networks"] = {"wan": {"subnet": "10.0.0.0/24"}}
    for container in other["containers"].values():
        container["networks"] = [
            {**entry, "network": "wan"} if isinstance(entry, dict) else "wan" for entry in container["networks"]
        ]
    topo.up(other)
    topo.settled(other)
    assert port("a")["isolated"]


def tagged(**more: Any) -> dict[str, Any]:
    """Two in VLAN 10, one in 20, and one that has both with their tags."""
    each = {"a": {"vlan": 10}, "b": {"vlan": 10}, "c": {"vlan": 20}, "d": {"trunk": [10, "20-30"]}} | more
    return {
        "networks": {"lan": {"subnet": "10.0.0.0/24", "vlan_filtering": True}},
        "containers": {name: {"networks": [{"network": "lan", **options}]} for name, options in each.items()},
    }


VLANS = pytest.mark.needs("vlan filtering")


@VLANS
def test_vlans_are_kept_apart(topo: Topo) -> None:
    topo.up(tagged())
    topo.settled(tagged())
    assert [reaches(f"10.0.0.{last}") for last in (3, 4)] == [True, False]
    shell(
        """
        ip -n topo.t.d link add link eth0 name eth0.20 type vlan id 20
        ip -n topo.t.d address del 10.0.0.5/24 dev eth0
        ip -n topo.t.d address add 10.0.0.5/24 dev eth0.20
        ip -n topo.t.d link set eth0.20 up
        """
    )
    assert not inside("c", "ping -c1 -W2 10.0.0.5").returncode
    assert inside("a", "ping -c1 -W1 10.0.0.5").returncode


@VLANS
def test_a_vlan_is_changed_in_place_and_put_back(topo: Topo) -> None:
    topo.up(tagged())
    moved = tagged(c={"vlan": 10}, d={"trunk": [20]})
    assert topo.plan(moved).changes == {"containers/c/eth0": "update", "containers/d/eth0": "update"}
    topo.up(moved)
    topo.settled(moved)
    assert reaches("10.0.0.4")
    shell("bridge -n topo.t vlan add dev a.eth0 vid 99; bridge -n topo.t vlan del dev b.eth0 vid 10")
    assert topo.plan(moved).changes == {"containers/a/eth0": "update", "containers/b/eth0": "update"}
    topo.up(moved)
    topo.settled(moved)


@VLANS
def test_a_network_begins_to_look_at_vlans_and_stops(topo: Topo) -> None:
    topo.up(three())
    looking = three()
    looking["networks"]["lan"]["vlan_filtering"] = True
    topo.up(looking)
    topo.settled(looking)
    assert reaches("10.0.0.3")
    topo.up(tagged())
    topo.settled(tagged())
    topo.up(three())
    topo.settled(three())
    assert reaches("10.0.0.4")


def test_a_kernel_that_knows_no_vlans_is_said_to(topo: Topo) -> None:
    if able.has("vlan filtering"):
        topo.up(tagged())
        return
    done = topo.run("up", topo.write(tagged()))
    assert done.code == 3, done
    assert "bridges of this kernel know no VLANs" in done.err
