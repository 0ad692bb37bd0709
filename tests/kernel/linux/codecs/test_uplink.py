"""The way out that is asked for is the one that is found: of its bytes, those of the names in its rules."""

from __future__ import annotations

import pytest

from topo.kernel.linux import uplink_alias
from topo.kernel.linux.host_table import switched
from topo.kernel.linux.nftables import phrases
from topo.kernel.linux.uplink_alias import Memory
from topo.objects.host import Host, Outer, Outlet
from topo.objects.uplink import Uplink
from topo.resolver.uplinks import objects_of

OUTLET = Outlet("t", "uplink", 1500, nat=("front",), versions=(4, 6))
HOST = Host(outer=(Outer("eth0"), Outer("tun0"), Outer("docker0", forwards=True)))


def uplink() -> Uplink:
    return next(thing for thing in objects_of(OUTLET, HOST) if isinstance(thing, Uplink))


@pytest.mark.parametrize("rule", [rule for chain in uplink().chains for rule in chain.rules])
def test_what_is_said_is_understood(rule: str) -> None:
    assert phrases.decode(phrases.encode(rule)) == rule


def test_the_rules_remember_what_forwards_only_for_labs() -> None:
    assert switched(uplink().chains) == ("eth0", "tun0")


def test_the_alias_is_read_as_it_was_written() -> None:
    memory = Memory("t", ("eth0", "tun0"))
    assert uplink_alias.parsed(uplink_alias.text(memory)) == memory
    assert uplink_alias.parsed("the way to the cellar") is None
