"""The ways out of a lab: by the host's address, by its own, by a bridge of the host's; a lab without one says nothing."""

from __future__ import annotations

from msgspec.structs import replace

from topo.document import loads
from topo.objects import State
from topo.objects.host import Host, Outer
from topo.resolver import resolve, settled
from topo.views.outside import outside
from topo.views.outside_text import outside_text

LAB = """
name: t
networks:
  front: {subnet: 10.0.0.0/24, uplink: nat}
  mid: {subnet: 10.1.0.0/24, uplink: routed}
  lan: {subnet: 192.0.2.0/24, uplink: {bridge: br-lan}}
  back: {subnet: 10.2.0.0/24}
containers: {a: {networks: [front]}}
"""
HOST = Host(outer=(Outer("eth0"),), doors=("ip filter DOCKER-USER",))


def state() -> State:
    return settled(resolve(loads(LAB)), State("t", host=HOST))


def test_it_says_which_networks_go_out_and_how() -> None:
    uplink = outside(state())["uplink"]
    assert {one["network"]: one["mode"] for one in uplink["networks"]} == {"front": "nat", "mid": "routed"}
    assert uplink["fabric"]["namespace"] == "topo.t"
    assert uplink["host"]["namespace"] is None
    assert uplink["host"]["routes"] == [f"10.1.0.0/24 via {uplink['fabric']['addresses'][0].partition('/')[0]}"]
    assert uplink["forwarding"] == {"ipv4": ["eth0"], "ipv6": []}
    assert uplink["let_through_by"] == ["ip filter DOCKER-USER"]


def test_it_says_what_is_plugged_in_where() -> None:
    (plug,) = outside(state())["plugs"]
    assert (plug["network"], plug["fabric"]["bridge"], plug["host"]["bridge"]) == ("lan", "lan", "br-lan")
    there = state()
    pulled = {key: replace(thing, bridge=None) if thing.kind == "patch" else thing for key, thing in there.objects.items()}
    text = outside_text("t", outside(replace(there, objects=pulled)))
    assert "into the host's bridge (none)" in text


def test_the_words_follow_a_packet() -> None:
    lines = [line.strip() for line in outside_text("t", outside(state())).splitlines()]
    order = ["from front (nat), mid (routed)", "@if", "inet 198.", "topo-t@if", "masquerade", "by eth0", "DOCKER-USER", "br-lan"]
    places = [next(at for at, line in enumerate(lines) if words in line) for words in order]
    assert places == sorted(places)


def test_a_lab_without_one_says_nothing() -> None:
    assert outside_text("t", outside(resolve(loads("name: t\ncontainers: {a: }")))) == ""
