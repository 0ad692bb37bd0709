"""`impair` of a network -> a queue on each port, and the pairs in them, whose numbers stay."""

from __future__ import annotations

import pytest

from tests.resolver.given import resolved
from topo.errors import DocumentErrors
from topo.objects.pair import MARKS, Pair, is_mark
from topo.objects.qdisc import Qdisc
from topo.objects.queue import HTB, NETEM, TBF

PEOPLE = "containers: {hq: {networks: [n]}, alpha: {networks: [n]}, node: {networks: [n], replicas: 3}, far: }\n"


def pairs(impair: str, people: str = PEOPLE) -> dict[str, Pair]:
    """What follows `networks/n/impair/` in the address -> pair."""
    state = resolved(f"networks: {{n: {{impair: [{impair}]}}}}\n{people}")
    return {thing.address[18:]: thing for thing in state.objects.values() if isinstance(thing, Pair)}


@pytest.mark.parametrize("network", ["", "{impair: []}"])
def test_a_network_without_pairs_has_no_queues(network: str) -> None:
    state = resolved(f"networks: {{n: {network}}}\n{PEOPLE}")
    assert not [thing for thing in state.objects.values() if isinstance(thing, Qdisc)]


def test_every_port_of_the_network_has_one() -> None:
    state = resolved(f"networks: {{n: {{impair: [{{from: hq, to: alpha, rate: 1mbit}}]}}}}\n{PEOPLE}")
    roots = [thing for thing in state.objects.values() if isinstance(thing, Qdisc)]
    assert {thing.discipline for thing in roots} == {HTB}
    assert [thing.interface for thing in roots] == ["hq.eth0", "alpha.eth0", "node-1.eth0", "node-2.eth0", "node-3.eth0"]
    assert {thing.namespace for thing in roots} == {"topo.t"}


def test_both_ways_each_with_its_own() -> None:
    found = pairs("{between: [hq, alpha], delay: 9ms, loss: 1%, reverse: {delay: 0ms, loss: 0%, rate: 1mbit}}")
    there, back = found["hq.eth0->alpha.eth0"], found["alpha.eth0->hq.eth0"]
    assert (there.interface, there.source, there.discipline, there.delay) == ("alpha.eth0", "hq.eth0", NETEM, 9_000_000)
    assert (back.discipline, back.rate) == (TBF, 125_000)
    assert list(pairs("{from: hq, to: alpha, loss: 1%}")) == ["hq.eth0->alpha.eth0"]
    assert pairs("{from: hq, to: alpha, loss: 0%}") == {}


def test_replicas_are_each_of_them() -> None:
    assert len(pairs("{between: [hq, node], loss: 1%}")) == 6
    assert len(pairs("{between: [node, node], loss: 1%}")) == 6
    assert list(pairs("{from: node-1, to: node, loss: 1%}")) == ["node-1.eth0->node-2.eth0", "node-1.eth0->node-3.eth0"]


def test_who_is_there_twice_is_impaired_twice() -> None:
    found = pairs("{from: hq, to: alpha, loss: 1%}", "containers: {hq: {networks: [n, n]}, alpha: {networks: [n]}}\n")
    assert list(found) == ["hq.eth0->alpha.eth0", "hq.eth1->alpha.eth0"]
    assert len({pair.mark for pair in found.values()}) == 2


def test_a_number_stays_when_others_come_and_interfaces_are_renamed() -> None:
    (mark,) = {pair.mark for pair in pairs("{from: hq, to: alpha, loss: 1%}").values()}
    assert is_mark(mark)
    assert pairs("{between: [node, node], rate: 1mbit}, {between: [hq, alpha], loss: 2%}")["hq.eth0->alpha.eth0"].mark == mark
    named = PEOPLE.replace("hq: {networks: [n]}", "hq: {networks: [{network: n, interface: wan}]}")
    assert pairs("{from: hq, to: alpha, loss: 1%}", named)["hq.wan->alpha.eth0"].mark == mark


def test_numbers_differ_and_no_leaf_has_the_handle_of_the_root() -> None:
    found = pairs("{from: node, to: hq, loss: 1%}", "containers: {hq: {networks: [n]}, node: {networks: [n], replicas: 500}}\n")
    assert len({pair.mark for pair in found.values()}) == 500
    assert not is_mark(0x3A38)
    assert not is_mark(0)
    assert not is_mark(MARKS + 1)


def test_who_is_not_on_the_network_is_in_no_pair() -> None:
    with pytest.raises(DocumentErrors, match="far is not on network n"):
        pairs("{from: hq, to: far, loss: 1%}")
