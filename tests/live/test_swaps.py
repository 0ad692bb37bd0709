"""What two things exchange, they exchange in place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.live.driving import Document, Topo
from tests.live.reading import addresses, indexes, links
from tests.world import able

pytestmark = pytest.mark.live


def lab(a: list[Any], b: list[Any], **networks: Any) -> Document:
    nets = networks or {"lan": {"subnet": "10.0.0.0/24"}, "wan": {"subnet": "10.1.0.0/24"}}
    return {"networks": nets, "containers": {"a": {"networks": a}, "b": {"networks": b}}}


def changed(topo: Topo, before: Document, after: Document, *, kept: bool = True) -> dict[str, str]:
    topo.up(before)
    numbers = indexes()
    plan = topo.plan(after)
    topo.up(after)
    topo.settled(after)
    assert not kept or {name: sorted(found.values()) for name, found in indexes().items()} == {
        name: sorted(found.values()) for name, found in numbers.items()
    }
    return plan.changes


@pytest.mark.vm
def test_two_interfaces_exchange_names(topo: Topo) -> None:
    one, other = {"network": "lan", "interface": "x"}, {"network": "wan", "interface": "y"}
    before = lab([one, other], ["lan"])
    after = lab([{**one, "interface": "y"}, {**other, "interface": "x"}], ["lan"])
    changes = changed(topo, before, after, kept=able.RENAMED == "update")
    assert {changes["containers/a/x"], changes["containers/a/y"]} == {able.RENAMED}
    assert addresses("topo.t.a", "x") == {"10.1.0.2/24"}


@pytest.mark.parametrize(
    ("key", "first", "second"),
    [
        ("address", "10.0.0.10", "10.0.0.11"),
        ("mac", "02:00:00:00:00:0a", "02:00:00:00:00:0b"),
    ],
)
def test_two_containers_exchange(topo: Topo, key: str, first: str, second: str) -> None:
    before = lab([{"network": "lan", key: first}], [{"network": "lan", key: second}])
    after = lab([{"network": "lan", key: second}], [{"network": "lan", key: first}])
    changed(topo, before, after)
    found = links("topo.t.a")["eth0"]["address"] if key == "mac" else addresses("topo.t.a", "eth0")
    assert found in (second, {f"{second}/24"})


def test_an_address_moves_to_another_container(topo: Topo) -> None:
    before = lab([{"network": "lan", "address": "10.0.0.10"}], [{"network": "lan", "address": "10.0.0.20"}])
    after = lab([{"network": "lan", "address": "10.0.0.30"}], [{"network": "lan", "address": "10.0.0.10"}])
    changed(topo, before, after)
    assert addresses("topo.t.b", "eth0") == {"10.0.0.10/24"}


def test_two_networks_exchange_subnets(topo: Topo) -> None:
    before = lab(["lan"], ["wan"])
    after = lab(["lan"], ["wan"], lan={"subnet": "10.1.0.0/24"}, wan={"subnet": "10.0.0.0/24"})
    changed(topo, before, after)
    assert addresses("topo.t.a", "eth0") == {"10.1.0.2/24"}


def test_the_order_of_attachments_turns(topo: Topo) -> None:
    changed(topo, lab(["lan", "wan"], ["lan"]), lab(["wan", "lan"], ["lan"]))
    assert addresses("topo.t.a", "eth0") == {"10.1.0.2/24"}
