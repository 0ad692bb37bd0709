"""A way out keeps what it has, and takes what is free on its host."""

from __future__ import annotations

from msgspec.structs import replace

from tests.planner.tables import state
from topo.kernel.fake import FakeKernel
from topo.kernel.protocol import Scope
from topo.objects import State
from topo.objects.firewall import Firewall
from topo.objects.host import Host, Outer
from topo.objects.uplink import Uplink
from topo.planner import plan
from topo.resolver import settled

OUT = {"networks": {"n": {"uplink": "nat"}}, "containers": {"a": {"networks": ["n"]}}}


def uplink(there: State) -> Uplink:
    (found,) = (thing for thing in there.objects.values() if isinstance(thing, Uplink))
    return found


def test_without_one_nothing_is_asked_of_the_host() -> None:
    there = state({"containers": {"a": None}})
    assert there.outlet is None
    assert settled(there, State("t")) is there


def test_the_same_file_has_the_same_one() -> None:
    assert uplink(state(OUT)) == uplink(settled(state(OUT), State("t")))


def test_what_is_taken_is_left() -> None:
    first = uplink(state(OUT))
    host = Host(names=frozenset({first.end.name}), taken=(first.addresses[0],))
    second = uplink(settled(state(OUT), State("t", host=host)))
    assert second.end.name != first.end.name
    assert len(second.end.name) <= 15
    assert second.addresses != first.addresses


def test_what_it_has_it_keeps() -> None:
    first = uplink(state(OUT))
    host = Host(names=frozenset({first.end.name}), taken=(first.addresses[0],))
    second = settled(state(OUT), State("t", host=host))
    assert uplink(settled(state(OUT), State("t", second.objects))).addresses == uplink(second).addresses


def test_addresses_of_the_lab_itself_are_not_taken() -> None:
    first = uplink(state(OUT))
    own = {**OUT, "networks": {"n": {"uplink": "nat", "subnet": f"{first.addresses[0].rpartition('.')[0]}.0/24"}}}
    assert uplink(state(own)).addresses[0].rpartition(".")[0] != first.addresses[0].rpartition(".")[0]


def test_what_forwards_only_for_the_lab_is_closed_to_others() -> None:
    rules = [
        chain.rules
        for chain in uplink(settled(state(OUT), State("t", host=Host(outer=(Outer("e"), Outer("d", True)))))).chains
        if chain.name == "forward"
    ]
    assert rules[0][1] == 'iifname { "e" } oifname { "d", "e" } counter drop'


def test_only_as_many_as_can_be_remembered() -> None:
    host = Host(outer=tuple(Outer(f"interface{number:03}") for number in range(100)))
    assert 10 < len(uplink(settled(state(OUT), State("t", host=host))).outer) < 20


def test_the_fabric_says_which_networks_go_out() -> None:
    there = state({"networks": {"n": {"uplink": "nat"}, "r": {"uplink": "routed"}, "i": None}, "containers": {}})
    (firewall,) = (thing for thing in there.objects.values() if isinstance(thing, Firewall))
    rules = [rule for chain in firewall.chains for rule in chain.rules]
    assert 'iifname { "n", "r" } oifname "uplink" accept' in rules
    assert 'iifname "uplink" oifname { "r" } accept' in rules
    assert 'iifname { "n" } oifname "uplink" masquerade' in rules


def test_the_plan_after_it_is_empty() -> None:
    kernel = FakeKernel()
    for operation in plan(state(OUT), kernel.observe(Scope("t"))).operations:
        assert not kernel.execute([operation])
    there = kernel.observe(Scope("t"))
    assert plan(settled(state(OUT), replace(there, host=Host())), there).empty
