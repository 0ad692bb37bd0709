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


def test_what_goes_from_port_to_port_of_a_bridge_is_let_through() -> None:
    host = Host(outer=(Outer("br", bridge=True), Outer("6/br", bridge=True), Outer("d", True, True), Outer("e")))
    rules = next(chain.rules for chain in uplink(settled(state(OUT), State("t", host=host))).chains if chain.name == "forward")
    assert rules[1:] == (
        'iifname "br" oifname "br" accept',
        'iifname { "br", "e" } oifname { "br", "d", "e" } counter drop',
    )


def test_only_as_many_as_can_be_remembered() -> None:
    host = Host(outer=tuple(Outer(f"interface{number:03}") for number in range(100)))
    assert 10 < len(uplink(settled(state(OUT), State("t", host=host))).outer) < 20


DOORS = Host(doors=("ip filter DOCKER-USER", "ip6 filter FORWARD", "inet fw forward"))


def test_each_chain_that_drops_has_a_rule_for_each_way() -> None:
    opened = uplink(settled(state(OUT), State("t", host=DOORS))).opened
    assert opened == (
        'inet fw forward iifname "topo-t" counter accept',
        'inet fw forward oifname "topo-t" counter accept',
        'ip filter DOCKER-USER iifname "topo-t" counter accept',
        'ip filter DOCKER-USER oifname "topo-t" counter accept',
    )
    both = {**OUT, "networks": {"n": {"uplink": "nat", "subnet": ["10.0.0.0/24", "fd00::/64"]}}}
    assert len(uplink(settled(state(both), State("t", host=DOORS))).opened) == 6


def test_who_does_not_want_them_has_none() -> None:
    out = {**OUT, "networks": {"n": {"uplink": {"mode": "nat", "open_forward": False}}, "m": {"uplink": "nat"}}}
    assert uplink(settled(state(out), State("t", host=DOORS))).opened == ()


def test_a_server_for_names_on_the_host_is_reached_by_its_port_alone() -> None:
    host = Host(resolvers=("192.0.2.1", "2001:db8::1"))
    rules = next(chain.rules for chain in uplink(settled(state(OUT), State("t", host=host))).chains if chain.name == "input")
    assert rules[1:3] == tuple(f'iifname "topo-t" ip daddr 192.0.2.1 {kind} dport 53 accept' for kind in ("udp", "tcp"))
    assert rules[3:] == ('iifname "topo-t" counter drop',)


def test_a_bridge_of_the_hosts_is_no_way_by_the_host() -> None:
    lan = {"uplink": {"bridge": "br-lan"}, "subnet": "192.0.2.0/24"}
    there = state({"networks": {"n": lan}, "containers": {"a": {"networks": [{"network": "n", "address": "192.0.2.9"}]}}})
    assert there.outlet is None
    assert not [thing for thing in there.objects.values() if isinstance(thing, Firewall) and thing.family == "bridge"]


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
