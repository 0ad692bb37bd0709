"""Which fields differ, of those that are asked for."""

from __future__ import annotations

from msgspec.structs import replace

from topo.objects.bridge import Bridge
from topo.objects.route import Route
from topo.objects.settings import BASELINE
from topo.objects.veth import End, Veth
from topo.planner.difference import differences, filled, forced

BRIDGE = Bridge(namespace="topo.t", name="n", mark=1, mac="02:00:00:00:00:01")
VETH = Veth(
    namespace="topo.t.a",
    end=End("topo.t.a", "eth0", 2, "02:00:00:00:00:02"),
    peer=End("topo.t", "a.eth0", 3, "02:00:00:00:00:03", master="n", settings=None),
)


def test_equal() -> None:
    assert differences(BRIDGE, replace(BRIDGE, index=7, owner="networks/n")) == ()


def test_nested() -> None:
    other = replace(VETH, end=replace(VETH.end, mtu=9000, settings=replace(BASELINE, rp_filter=1)))
    assert differences(VETH, other) == ("end.mtu", "end.settings.rp_filter")


def test_what_is_not_asked_for_is_not_compared() -> None:
    actual = replace(VETH, peer=replace(VETH.peer, settings=BASELINE))
    assert differences(VETH, actual) == ()
    assert filled(VETH, actual) == actual


def test_none_is_something_to_ask_for_where_the_kind_says_so() -> None:
    desired = Route(namespace="topo.t.a", to="10.0.0.0/8", interface="eth0")
    assert differences(desired, replace(desired, via="10.0.0.1")) == ("via",)
    assert filled(desired, replace(desired, via="10.0.0.1")) == desired


def test_a_mark_that_is_gone() -> None:
    assert differences(BRIDGE, replace(BRIDGE, owned=False)) == ("owned",)


def test_what_forces_a_replacement() -> None:
    assert list(forced(("end.mtu", "peer.namespace"), "veth", frozenset())) == ["peer.namespace"]
    assert list(forced(("end.name",), "veth", frozenset())) == ["end.name"]
    assert not forced(("end.name",), "veth", frozenset({"live-rename"}))
