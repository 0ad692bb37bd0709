"""What is particular to a port of a bridge, against pyroute2's bytes."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from tests.kernel.linux import test_messages as messages
from topo.kernel.linux import attributes, bridge_ports

PORT = replace(messages.VETH, peer=replace(messages.VETH.peer, name="eth0"))


def said(*, hairpin: bool, isolated: bool) -> tuple[str, Any]:
    data = {"attrs": [("IFLA_BRPORT_MODE", int(hairpin)), ("IFLA_BRPORT_ISOLATED", int(isolated))]}
    return "IFLA_LINKINFO", {"attrs": [("IFLA_INFO_SLAVE_KIND", "bridge"), ("IFLA_INFO_SLAVE_DATA", data)]}


def test_a_port_is_what_it_is_to_be_before_it_is_up() -> None:
    at = messages.place(messages.FABRIC)
    at.indexes.add("front", 7)
    alone = replace(PORT, peer=replace(PORT.peer, up=False, master=None))
    isolated = replace(PORT, peer=replace(PORT.peer, master="front", isolated=True))
    joins = messages.changed(2, ("IFLA_MASTER", 7))
    is_so = messages.changed(2, said(hairpin=False, isolated=True))
    messages.same(messages.ours(alone, isolated, at), [joins, is_so, messages.changed(2, **messages.UP)])


def test_it_changes_in_place_and_nothing_is_said_of_what_stays() -> None:
    at = messages.place(messages.FABRIC)
    hairpin = replace(PORT, peer=replace(PORT.peer, hairpin=True))
    messages.same(messages.ours(PORT, hairpin, at), [messages.changed(2, said(hairpin=True, isolated=False))])
    messages.same(messages.ours(hairpin, PORT, at), [messages.changed(2, said(hairpin=False, isolated=False))])
    narrow = replace(hairpin, peer=replace(hairpin.peer, mtu=1400))
    wide = replace(hairpin, peer=replace(hairpin.peer, mtu=1500))
    messages.same(messages.ours(narrow, wide, at), [messages.changed(2, ("IFLA_MTU", 1500))])


def test_what_a_dump_says() -> None:
    data = attributes.u8(1, 3) + attributes.u8(4, 1) + attributes.u8(33, 1)
    assert bridge_ports.read(attributes.read(data)) == bridge_ports.Port("forwarding", isolated=True, hairpin=True)
    assert bridge_ports.read(attributes.read(attributes.u8(1, 9))) == bridge_ports.NO_PORT
