"""An object survives the form in which a plan is saved."""

from __future__ import annotations

import json

import pytest

from tests.planner.tables import state
from topo.objects import KINDS, Object
from topo.objects.interface import Interface
from topo.objects.route import Route
from topo.planner.values import object_from, values
from topo.record import saved

LAB = state(
    {
        "networks": {
            "n": {
                "subnet": ["10.0.0.0/24", "fd00::/64"],
                "uplink": "nat",
                "impair": [{"from": "a", "to": "c", "loss": {"p": "1%", "r": "10%"}, "rate": "1mbit", "burst": "32kb"}],
            },
            "lan": {"driver": "macvlan", "parent": "eth1", "subnet": "192.0.2.0/24"},
            "out": {"uplink": {"bridge": "br-lan"}, "subnet": "203.0.113.0/24"},
            "far": {"driver": "ipvlan", "parent": "eth2.100", "subnet": "198.51.100.0/24"},
        },
        "containers": {
            "a": {
                "networks": ["n", {"network": "lan", "address": "192.0.2.2"}, {"network": "far", "address": "198.51.100.2"}],
                "sysctls": {"net.ipv4.ip_forward": 1},
            },
            "b": {"hostname": "h", "ports": ["8080:80"]},
            "c": {"networks": ["n"]},
        },
        "links": [{"endpoints": ["a:p0", "b:p0"], "loss": {"p": "1%", "r": "10%"}}],
    }
)
FOREIGN = [
    Interface(namespace="topo.t.a", name="z", owned=False, altnames=("y", "x")),
    Route(namespace="topo.t.a", to="10.9.0.0/16", owned=False, protocol=186),
]
ONE_OF_EACH = list({thing.kind: thing for thing in [*LAB.objects.values(), *FOREIGN]}.values())


def test_every_kind_is_tried() -> None:
    assert {thing.kind for thing in ONE_OF_EACH} == set(KINDS)


@pytest.mark.parametrize("thing", [*ONE_OF_EACH, *FOREIGN], ids=lambda thing: thing.address)
def test_there_and_back(thing: Object) -> None:
    again = object_from(thing.kind, json.loads(json.dumps(values(thing))))
    assert again == thing
    assert (again.key, again.address, again.owner) == (thing.key, thing.address, thing.owner)


def test_what_an_operation_needs_is_kept() -> None:
    route = FOREIGN[1]
    again = object_from("route", values(route))
    assert isinstance(again, Route)
    assert again.protocol == 186


@pytest.mark.parametrize("thing", ONE_OF_EACH, ids=lambda thing: thing.kind)
def test_no_index(thing: Object) -> None:
    shown = set(thing.__struct_fields__) - set(saved(type(thing)))
    assert not shown & values(thing).keys()


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("cow", {}, "no kind"),
        ("address", {"interface": "eth0"}, "ip"),
        ("address", {"interface": "eth0", "ip": "10.0.0.1/24", "colour": "red"}, "no field colour"),
        ("address", {"interface": "eth0", "ip": 7}, "address.ip: 7"),
        ("bridge", {"name": "n", "mark": 1, "mac": "", "settings": {"forwarding": "yes"}}, "bridge.settings.forwarding"),
    ],
)
def test_wrong_values_are_refused(kind: str, data: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        object_from(kind, data)
