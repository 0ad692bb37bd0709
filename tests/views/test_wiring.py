"""The wiring: both ends of each cable, what is on the host, and what is foreign."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from topo.document import loads
from topo.objects import State
from topo.objects.interface import Interface
from topo.objects.route import Route
from topo.objects.veth import Veth
from topo.resolver import resolve
from topo.views.wiring import wiring
from topo.views.wiring_text import wiring_text

LAB = """
name: shop
networks: {front: {subnet: [10.0.0.0/24, "fd00::/64"]}}
containers:
  web: {networks: [{network: front, delay: 10ms, jitter: 2ms, loss: 1%, rate: 100mbit}]}
  db: {loopback: [10.255.0.1/32]}
  agent: {networks: [host]}
links:
  - {endpoints: ["web:p0", "db:p0"], subnet: 192.168.0.0/31}
"""


@pytest.fixture
def data() -> dict[str, Any]:
    state = resolve(loads(LAB))
    foreign = Interface(namespace="topo.shop.web", owner="containers/web", name="tun0", link_kind="tun", owned=False, index=9)
    route = Route(namespace="topo.shop.web", owner="containers/web", to="10.9.0.0/16", via="10.0.0.9", owned=False, protocol=186)
    indexed = [_indexed(thing) for thing in state.objects.values()]
    return wiring(State.of("shop", [*indexed, foreign, route]))


def _indexed(thing: Any) -> Any:
    if isinstance(thing, Veth) and thing.peer.master:
        end, peer = replace(thing.end, index=2, peer_nsid=0), replace(thing.peer, index=3, port_state="forwarding")
        return replace(thing, end=end, peer=peer)
    return thing


def container(data: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in data["containers"] if one["name"] == name)


def interface(room: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in room["interfaces"] if one["name"] == name)


def test_a_port_and_its_container_show_each_other(data: dict[str, Any]) -> None:
    inside = interface(container(data, "web"), "eth0")
    outside = interface(data["fabric"], "web.eth0")
    assert inside["peer"] == {
        "name": "web.eth0",
        "index": 3,
        "namespace": "topo.shop",
        "container": None,
        "netns_id": 0,
    }
    assert (outside["peer"]["container"], outside["peer"]["name"], outside["peer"]["index"]) == ("web", "eth0", 2)
    flags = {"isolated": False, "hairpin": False, "vlans": None}
    assert inside["port"] == outside["port"] == {"bridge": "front", "name": "web.eth0", "state": "forwarding"} | flags
    assert interface(data["fabric"], "front")["ports"] == ["web.eth0"]


def test_what_a_bridge_and_its_ports_are_told_is_shown() -> None:
    net = "{subnet: 10.0.0.0/24, vlan_filtering: true, multicast_snooping: true, ageing_time: 30}"
    web = "[{network: front, isolated: true, hairpin: true, vlan: 10}]"
    told = wiring(resolve(loads(f"name: t\nnetworks: {{front: {net}}}\ncontainers: {{web: {{networks: {web}}}}}")))
    assert interface(told["fabric"], "web.eth0")["port"] == {
        "bridge": "front",
        "name": "web.eth0",
        "state": None,
        "isolated": True,
        "hairpin": True,
        "vlans": "10 pvid untagged",
    }
    options = {"stp": False, "ageing_time": 30, "multicast_snooping": True, "vlan_filtering": True}
    assert interface(told["fabric"], "front")["bridge"] == options
    text = wiring_text(told)
    assert "port web.eth0 of bridge front  isolated  hairpin  vlans 10 pvid untagged\n" in text
    assert "      options multicast_snooping, vlan_filtering, ageing_time 30\n" in text


def test_a_link_shows_its_ends_in_both_containers(data: dict[str, Any]) -> None:
    here, there = interface(container(data, "web"), "p0"), interface(container(data, "db"), "p0")
    assert here["peer"]["container"] == "db"
    assert there["peer"]["container"] == "web"
    assert [address["ip"] for address in here["addresses"]] == ["192.168.0.0/31"]
    assert here["port"] is None


def test_a_container_on_the_host_is_a_name(data: dict[str, Any]) -> None:
    assert container(data, "agent")["namespace"] is None
    assert "container agent  the host's own namespace\n" in wiring_text(data)


def test_what_becomes_of_what_an_interface_sends(data: dict[str, Any]) -> None:
    queue = interface(container(data, "web"), "eth0")["queue"]
    said = {"delay": "10ms", "jitter": "2ms", "loss": "1%", "rate": "100mbit", "limit": "1099"}
    assert queue == {"discipline": "netem", "owned": True} | said
    assert interface(container(data, "web"), "p0")["queue"] is None


def test_the_text_has_it_all(data: dict[str, Any]) -> None:
    text = wiring_text(data)
    for line in (
        "container web  namespace topo.shop.web",
        "  2: eth0@if3  veth up  mtu 1500  mac 02:42:0a:00:00:02",
        "      peer web.eth0@if2 (index 3) in topo.shop  netns id 0",
        "      port web.eth0 of bridge front  forwarding",
        "      sends by netem: delay 10ms, jitter 2ms, loss 1%, rate 100mbit, limit 1099",
        "      inet 10.0.0.2/24 broadcast 10.0.0.255",
        "      inet6 fd00::2/64",
        "  9: tun0  tun down  (not topo's)",
        "      default via 10.0.0.1 dev eth0",
        "      default (IPv6) via fd00::1 dev eth0 metric 1024",
        "      10.9.0.0/16 via 10.0.0.9  (by protocol 186)",
        "fabric of shop  namespace topo.shop",
        "      ports web.eth0",
    ):
        assert line in text.splitlines()


def test_a_lab_of_which_nothing_is_left_has_no_wiring() -> None:
    assert wiring(State("shop")) == {
        "lab": "shop",
        "pairs": [],
        "fabric": None,
        "containers": [],
        "outside": {"uplink": None, "plugs": []},
    }
    assert wiring_text(wiring(State("shop"))) == ""
