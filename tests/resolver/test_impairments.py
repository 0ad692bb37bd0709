"""Delay, loss and rate of a file -> the qdisc of the interface that sends."""

from __future__ import annotations

import pytest

from tests.resolver.given import resolved
from topo.objects.address import Address
from topo.objects.qdisc import Qdisc
from topo.objects.queue import NETEM, TBF
from topo.objects.route import Route
from topo.objects.units import WHOLE
from topo.objects.veth import Veth

LINK = '{endpoints: ["a:p0", "b:p0"], subnet: [10.0.0.0/31, "fd00::/127"]'


def qdiscs(text: str) -> dict[str, Qdisc]:
    """address -> qdisc."""
    return {thing.address: thing for thing in resolved(text).objects.values() if isinstance(thing, Qdisc)}


def of_link(keys: str) -> list[Qdisc | None]:
    """Of its first end, and of its second."""
    found = qdiscs(f"containers: {{a: , b: }}\nlinks: [{LINK}, {keys}}}]\n")
    return [found.get(f"containers/{name}/p0/qdisc") for name in "ab"]


def one(keys: str) -> Qdisc:
    first, second = of_link(keys)
    assert first
    assert second
    assert first.namespace == "topo.t.a"
    assert second.namespace == "topo.t.b"
    return first


def test_where_nothing_is_asked_there_is_none() -> None:
    assert of_link("mtu: 1500") == [None, None]
    assert of_link("delay: 0ms, loss: 0%") == [None, None]


def test_a_rate_alone_is_a_token_bucket() -> None:
    fast, slow = one("rate: 1gbit"), one("rate: 1mbit")
    assert (fast.discipline, fast.rate, fast.burst, fast.limit) == (TBF, 125_000_000, 250_000, 12_750_000)
    assert (slow.rate, slow.burst, slow.limit) == (125_000, 3028, 20 * 1514 + 3028)
    asked = one("rate: 1mbit, burst: 32kb, limit: 64kb")
    assert (asked.burst, asked.limit) == (32768, 65536)
    assert one("rate: 1mbit, limit: 10, mtu: 2000").limit == 20140


def test_the_largest_rate_has_a_limit_that_fits() -> None:
    assert one("rate: 1tbit").limit < 2**31
    assert one("rate: 1tbit, delay: 3600s").limit < 2**31


def test_all_else_is_netem() -> None:
    wire = one("delay: 10ms, jitter: 2ms, distribution: normal, loss: 1%, duplicate: 2%, corrupt: 3%, reorder: 25%, rate: 12mbit")
    assert (wire.discipline, wire.delay, wire.jitter, wire.distribution) == (NETEM, 10_000_000, 2_000_000, "normal")
    assert [round(share / WHOLE * 100) for share in (wire.loss, wire.duplicate, wire.corrupt, wire.reorder)] == [1, 2, 3, 25]
    assert (wire.rate, wire.burst, wire.limit) == (1_500_000, 0, 1011)
    assert one("delay: 10ms, limit: 50").limit == 50
    assert one("loss: 1%").limit == 1000


def test_losses_in_bursts() -> None:
    wire = one('loss: {p: 1%, r: 10%, h: "50%"}')
    assert [round(share / WHOLE * 100) for share in wire.gilbert] == [1, 10, 50, 100]
    assert wire.loss == 0


def test_a_direction_goes_before_both() -> None:
    first, second = of_link("delay: 10ms, loss: 1%, forward: {delay: 20ms}, reverse: {loss: {p: 1%, r: 10%}}")
    assert first
    assert second
    assert (first.delay, second.delay) == (20_000_000, 10_000_000)
    assert (bool(first.loss), bool(second.loss), first.gilbert == (), len(second.gilbert)) == (True, False, True, 4)
    there, back = of_link("forward: {rate: 1mbit}")
    assert there
    assert back is None
    assert of_link("delay: 10ms, jitter: 1ms, distribution: normal, reorder: 1%, reverse: {delay: 0ms}")[1] is None


def test_an_attachment_is_of_what_the_container_sends() -> None:
    found = qdiscs("containers: {a: {networks: [{network: default, rate: 1mbit, mtu: 1000}]}, b: }\n")
    assert list(found) == ["containers/a/eth0/qdisc"]
    assert found["containers/a/eth0/qdisc"].burst == 2 * 1014


def test_every_replica_has_one() -> None:
    found = qdiscs("containers: {a: {replicas: 3, networks: [{network: default, delay: 1ms}]}}\n")
    assert list(found) == [f"containers/a-{number}/eth0/qdisc" for number in (1, 2, 3)]


@pytest.mark.parametrize("up", [True, False])
def test_a_cable_that_is_pulled_keeps_its_addresses_and_has_no_routes(up: bool) -> None:
    routes = "routes: [{to: 10.9.0.0/16, via: 10.0.0.1}, {to: 10.8.0.0/16, type: blackhole}]"
    state = resolved(f"containers: {{a: {{{routes}}}, b: }}\nlinks: [{LINK}, up: {str(up).lower()}}}]\n")
    things = state.objects.values()
    (veth,) = (thing for thing in things if isinstance(thing, Veth))
    assert (veth.end.up, veth.peer.up) == (up, up)
    assert [thing.to for thing in things if isinstance(thing, Route)] == ["10.9.0.0/16", "10.8.0.0/16"][not up :]
    assert len([thing for thing in things if isinstance(thing, Address)]) == 6
