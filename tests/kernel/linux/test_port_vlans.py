"""The VLANs of a port, against pyroute2's bytes, and as a dump says them."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from msgspec.structs import replace
from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg

from tests.kernel.linux import test_messages as messages
from topo.kernel.linux import port_vlans
from topo.kernel.linux.messages import Rtm
from topo.objects import vlans

PORT = replace(messages.VETH, peer=replace(messages.VETH.peer, name="eth0", vlans=vlans.access(10)))
PVID = 2 | 4


def said(kind: Rtm, *infos: tuple[int, int]) -> bytes:
    """(flags, VLAN) each."""
    listed = [("IFLA_BRIDGE_VLAN_INFO", {"flags": flags, "vid": number}) for flags, number in infos]
    fields: dict[str, Any] = {"family": socket.AF_BRIDGE, "index": 2}
    return messages.theirs(ifinfmsg(), kind, messages.ASK, [("IFLA_AF_SPEC", {"attrs": listed})], **fields)


def turned(old: str, new: str) -> list[bytes]:
    at = messages.place(messages.FABRIC)
    before, after = (replace(PORT, peer=replace(PORT.peer, vlans=words)) for words in (old, new))
    return messages.ours(before, after, at)


def test_one_vlan_becomes_another_and_what_is_new_comes_first() -> None:
    come, gone = said(Rtm.RTM_SETLINK, (PVID, 20)), said(Rtm.RTM_DELLINK, (0, 10))
    messages.same(turned(vlans.access(10), vlans.access(20)), [come, gone])


def test_a_trunk_is_said_in_ranges() -> None:
    come = said(Rtm.RTM_SETLINK, (0, 10), (8, 20), (16, 30))
    messages.same(turned("", vlans.trunk(("10", "20-30"))), [come, said(Rtm.RTM_DELLINK, (0, 1))])
    messages.same(turned("10, 20-30", "10, 20-29"), [said(Rtm.RTM_DELLINK, (0, 30))])


def test_to_what_every_port_has_there_is_nothing_to_say() -> None:
    assert turned("", vlans.DEFAULT) == []


def test_what_a_dump_says() -> None:
    reply = said(Rtm.RTM_NEWLINK, (PVID, 10), (0, 20), (0, 21), (0, 30))[16:]
    assert port_vlans._said(reply) == (2, "10 pvid untagged, 20-21, 30")
    assert port_vlans._said(said(Rtm.RTM_NEWLINK)[16:]) == (2, "none")


@pytest.mark.parametrize("text", ["10 pvid untagged", "10, 20-30", "none", "1 untagged, 2 pvid, 3-4"])
def test_words_are_read_as_they_are_written(text: str) -> None:
    assert vlans.words(vlans.flags(text)) == text
