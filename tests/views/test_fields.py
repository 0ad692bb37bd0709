"""No value of a new object is left out because it looks like a part of the object's name."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.views.plans import ADDRESS, BRIDGE, HOSTS, ROUTE, VETH
from topo.objects import Object
from topo.objects.neighbour import Neighbour
from topo.objects.sysctl import Sysctl
from topo.views.fields import changed, lines, unusual

SYSCTL = Sysctl(namespace="topo.shop.web", owner="containers/web", name="net.ipv4.conf.eth0.rp_filter", value="0")
LAN4 = replace(BRIDGE, owner="networks/lan4", name="lan4", ageing_time=4)
METRIC = replace(ROUTE, to="10.0.0.0/24", via="10.0.0.1", metric=10)
NEIGHBOUR = Neighbour(namespace="topo.shop.web", owner="containers/web", interface="eth0", ip="10.0.0.1", mac="02:42:00:00:00:01")
NAMED = replace(HOSTS, path="containers/web/hostname", owner="containers/web", content="web")


@pytest.mark.parametrize(
    ("thing", "shown"),
    [
        (SYSCTL, {"value": "0"}),
        (replace(SYSCTL, value="containers"), {"value": "containers"}),
        (LAN4, {"mac": "02:42:00:00:00:01", "ageing_time": 4}),
        (replace(LAN4, owner="networks/default", name="default0", mtu=1400), {"mtu": 1400, "name": "default0"}),
        (METRIC, {"via": "10.0.0.1", "interface": "eth0"}),
        (replace(ADDRESS, broadcast="172.17.0.2"), {"broadcast": "172.17.0.2"}),
        (replace(VETH, end=replace(VETH.end, mtu=2), peer=replace(VETH.peer, name="web")), {"end.mtu": 2, "peer.name": "web"}),
        (NEIGHBOUR, {"mac": "02:42:00:00:00:01"}),
        (NAMED, {"content": "web"}),
    ],
    ids=lambda value: value.address if isinstance(value, Object) else "",
)
def test_what_is_shown(thing: Object, shown: dict[str, object]) -> None:
    found = dict(unusual(thing))
    assert {path: found.get(path) for path in shown} == shown


@pytest.mark.parametrize(
    ("thing", "hidden"),
    [(SYSCTL, {"name"}), (LAN4, {"name"}), (METRIC, {"to", "metric"}), (ADDRESS, {"ip", "interface"}), (VETH, {"end.name"})],
    ids=lambda value: value.address if isinstance(value, Object) else "",
)
def test_what_the_address_says_is_not_said_twice(thing: Object, hidden: set[str]) -> None:
    assert not hidden & dict(unusual(thing)).keys()


def test_a_field_that_must_be_none_is_a_change_where_it_is_something() -> None:
    assert list(changed(replace(ROUTE, source="10.255.0.1"), ROUTE)) == [("source", "10.255.0.1", None)]


def test_none_in_a_field_that_is_not_asked_for_is_no_change() -> None:
    assert not list(changed(BRIDGE, replace(BRIDGE, mtu=None)))


def test_nothing_and_an_empty_text_are_the_same() -> None:
    assert not list(changed(replace(HOSTS, content=""), replace(HOSTS, content="")))


def test_lines_that_stand_for_as_many_others_go_in_pairs() -> None:
    assert list(lines("a\nb\nc\n", "a\nB\nC\n")) == ["- b", "+ B", "- c", "+ C"]
    assert list(lines("a\nb\n", "a\nB\nC\n")) == ["- b", "+ B", "+ C"]
    assert list(lines(["one"], None)) == ["- one"]
    assert list(lines("a", "b")) == []


def test_many_lines_of_which_none_stays_are_no_trouble() -> None:
    old, new = ("".join(f"10.0.{at // 256}.{at % 256}\tc{at + shift}\n" for at in range(3000)) for shift in (0, 1))
    assert len(list(lines(old, new))) == 6000
