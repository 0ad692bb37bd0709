"""A conflict says what it is that somebody else has: a name, or an address."""

from __future__ import annotations

from dataclasses import replace

from topo.objects import Object
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.interface import Interface
from topo.planner.conflicts import conflicts
from topo.planner.fate import Fate
from topo.planner.match import Match
from topo.planner.plan import CREATE, Change

BRIDGE = Bridge(namespace="topo.t", owner="networks/n", name="n", mark=0x74000002, mac="02:00:00:00:00:01")
ADDRESS = Address(namespace="topo.t", owner="networks/n", interface="n", ip="fd00::1/64")


def told(wanted: Object, foreign: Object) -> str:
    fate = Fate(Change(wanted.address, wanted.kind, wanted.namespace, CREATE, None, wanted), wanted)
    ((found,), (holder,)) = conflicts([fate], Match({foreign.key: foreign}, (wanted.key,), {}, {}))
    assert holder is foreign
    return f"{found.reason}; {found.hint}"


def test_a_name() -> None:
    words = told(BRIDGE, Interface(namespace="topo.t", name="n", owned=False))
    assert words.startswith("lab/links/n in topo.t has its name, and topo did not make it; ")
    assert words.endswith(" or give it another name, and try again")


def test_an_address() -> None:
    words = told(ADDRESS, replace(ADDRESS, ip="fd00::1/96", owned=False))
    assert words.startswith("networks/n/fd00::1/96 in topo.t has its address, and topo did not make it; ")
    assert words.endswith(" or give it another address, and try again")
