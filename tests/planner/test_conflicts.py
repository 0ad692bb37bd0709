"""A conflict says what it is that somebody else has: a name, or an address."""

from __future__ import annotations

from msgspec.structs import replace

from topo.objects import Object
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.interface import Interface
from topo.objects.route import Route
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


def test_a_link_of_ours_that_lost_its_mark() -> None:
    words = told(BRIDGE, Interface(namespace="topo.t", name="n", owned=False, link_kind="bridge"))
    assert (
        "; if topo did make it, give it its group back (`ip -n topo.t link set n group 1946157058`); if not, delete it" in words
    )
    assert words.endswith(" or give it another name, and try again")


def test_the_address_of_a_gateway() -> None:
    route = Route(namespace="topo.t", owner="lab", to="10.0.0.0/8", via="10.9.0.1", interface="n")
    words = told(route, replace(ADDRESS, ip="10.9.0.1/24", owned=False))
    assert words.startswith("networks/n/10.9.0.1/24 in topo.t has the address of its gateway, and topo did not make it; ")
    assert words.endswith(" or give it another address, and try again")
