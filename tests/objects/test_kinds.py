"""What every kind says of itself holds together: nobody else knows any of them by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.planner.tables import state
from topo.kernel.world import World, patched, renames
from topo.objects import KINDS, Kind, Object
from topo.objects.address import Address
from topo.objects.interface import Interface
from topo.objects.neighbour import Neighbour
from topo.objects.route import Route
from topo.record import compared, is_record

STATE = state(
    {
        "networks": {
            "n": {
                "subnet": ["10.0.0.0/24", "fd00::/64"],
                "uplink": "nat",
                "impair": [{"between": ["a", "d"], "delay": "10ms"}],
            },
            "m": None,
            "lan": {"driver": "macvlan", "parent": "eth1", "subnet": "192.0.2.0/24"},
            "out": {"uplink": {"bridge": "br-lan"}, "subnet": "203.0.113.0/24"},
            "far": {"driver": "ipvlan", "parent": "eth2.100", "subnet": "198.51.100.0/24"},
        },
        "containers": {
            "c": {"networks": [{"network": "far", "address": "198.51.100.2"}]},
            "a": {
                "networks": ["n", "m", {"network": "lan", "address": "192.0.2.2"}],
                "sysctls": {"net.ipv4.ip_forward": 1},
                "loopback": ["10.255.0.1/32"],
            },
            "b": {"hostname": "h", "ports": ["8080:80", "192.0.2.9:53:53/udp"]},
            "d": {"networks": ["n"]},
        },
        "links": [{"endpoints": ["a:p0", "b:p0"], "subnet": "10.1.0.0/31", "delay": "10ms"}],
    }
)
THINGS = [*STATE.objects.values(), Interface(namespace="topo.t", name="z", altnames=("y",))]
ONE_OF_EACH = list({thing.kind: thing for thing in THINGS}.values())


def paths(thing: Any, prefix: str = "") -> Iterator[str]:
    """All paths of compared fields, nested ones included."""
    for name in compared(type(thing)):
        yield prefix + name
        value = getattr(thing, name)
        if is_record(value):
            yield from paths(value, f"{prefix}{name}.")


def test_every_kind_is_tried() -> None:
    assert {thing.kind for thing in ONE_OF_EACH} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_is_called_as_its_objects_are(kind: Kind) -> None:
    assert kind.type.kind == kind.name
    assert kind.summary


@pytest.mark.parametrize("thing", ONE_OF_EACH, ids=lambda thing: thing.kind)
def test_the_paths_that_a_kind_names_are_fields(thing: Object) -> None:
    kind = KINDS[thing.kind]
    assert {*kind.replaced, *kind.if_able, *kind.exact} <= set(paths(thing))


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.address)
def test_a_key_begins_with_the_kind(thing: Object) -> None:
    assert thing.key[0] == thing.kind


@pytest.mark.parametrize("thing", STATE.objects.values(), ids=lambda thing: thing.address)
def test_the_steps_lead_from_nothing_to_the_object_and_back(thing: Object) -> None:
    steps = KINDS[thing.kind].steps
    now: Object | None = None
    for _, before, after in steps(None, thing):
        assert now == before
        now = after if now is None or after is None else patched(now, before, after)
    assert now == thing
    assert [after for _, _, after in steps(thing, None)] == [None]


@pytest.mark.parametrize("thing", ONE_OF_EACH, ids=lambda thing: thing.kind)
def test_the_words_are_words(thing: Object) -> None:
    words = KINDS[thing.kind].words
    assert words(thing, None)
    for _, before, after in KINDS[thing.kind].steps(None, thing):
        assert words(before, after)


@pytest.mark.parametrize("thing", STATE.objects.values(), ids=lambda thing: thing.address)
def test_a_document_gives_all_that_an_object_requires(thing: Object) -> None:
    world = World(STATE.objects.values())
    assert not world.missing(thing)
    assert world.in_the_way(thing) is None


@pytest.mark.parametrize("thing", [thing for thing in THINGS if KINDS[thing.kind].aside], ids=lambda thing: thing.address)
def test_an_object_that_goes_aside_lets_go_of_that_and_of_nothing_else(thing: Object) -> None:
    kind = KINDS[thing.kind]
    assert kind.aside is not None
    for token in kind.occupies(thing):
        other = kind.aside(thing, token, "aside")
        assert other.key == thing.key
        assert set(kind.occupies(thing)) - set(kind.occupies(other)) == {token}
        assert list(renames(thing, other).values()) == (["aside"] if token[0] != "mac" else [])


def test_an_object_is_in_all_namespaces_that_it_is_or_stands_in() -> None:
    found = {thing.address: set(KINDS[thing.kind].namespaces(thing)) for thing in THINGS}
    assert found["containers/a"] == {"topo.t.a"}
    assert found["containers/a/eth0"] == {"topo.t.a", "topo.t"}
    assert found["containers/a/eth2"] == {"topo.t.a"}
    assert found["containers/a/p0"] == {"topo.t.a", "topo.t.b"}
    assert found["containers/a/eth0/10.0.0.2/24"] == found["containers/a/routes/default"] == {"topo.t.a"}
    assert found["networks/n"] == found["lab/firewall"] == {"topo.t"}
    assert found["lab/hosts/n"] == set()


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.address)
def test_its_namespaces_are_those_of_its_tokens(thing: Object) -> None:
    kind = KINDS[thing.kind]
    named = {token[1] for token in (*kind.provides(thing), *kind.requires(thing))} - {""}
    assert set(kind.namespaces(thing)) == named


@pytest.mark.parametrize("name", ["fabric", "firewall", "routes", "sysctls", "hosts", "links"])
def test_what_a_stray_link_is_called_is_no_other_object_of_the_lab(name: str) -> None:
    stray = Interface(namespace="topo.t", name=name)
    on_it = [
        Address(namespace="topo.t", owner=f"lab/links/{name}", interface=name, ip="10.0.0.0/24"),
        Neighbour(namespace="topo.t", owner="lab/links", interface=name, ip="10.0.0.2", mac="02:00:00:00:00:01"),
    ]
    others = [
        *STATE.objects.values(),
        Route(namespace="topo.t", to="10.0.0.0/24"),
        Neighbour(namespace="topo.t", interface="lo", ip="10.0.0.2", mac="02:00:00:00:00:01"),
        Neighbour(namespace="topo.t", owner="lab/links", interface="z", ip="10.0.0.2", mac="02:00:00:00:00:01"),
    ]
    addresses = [thing.address for thing in (stray, *on_it, *others)]
    assert len(addresses) == len(set(addresses))
    assert {"lab/fabric", "lab/lo", "lab/firewall", "lab/routes/10.0.0.0/24"} <= set(addresses)
    assert not [address for address in addresses if address.startswith("lab/fabric/")]
