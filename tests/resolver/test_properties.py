"""Whatever a document says: what it becomes is unique, whole and the same again."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from topo.errors import DocumentErrors
from topo.lab import Attachment, Container, Endpoint, Lab, Link, Network
from topo.objects import KINDS, State
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.veth import Veth
from topo.resolver import resolve

NAMES = ("default", "front", "back-end-of-the-lab", "v6", "both")
SUBNETS = st.sampled_from(
    [(), ("10.0.0.0/24",), ("172.17.0.0/16",), ("fd00::/64",), ("10.5.0.0/27", "fd01::/120"), ("10.7.0.0/28", "10.8.0.0/28")]
)
GATEWAYS = st.sampled_from([None, ()])
SYSCTLS = st.sampled_from([{}, {"net.ipv4.ip_forward": "1"}, {"net.ipv4.conf.lo.rp_filter": "1"}])


@st.composite
def labs(draw: st.DrawFn) -> Lab:
    """Labs with networks of all families, containers on any of them, and links between any two."""
    networks = tuple(Network(name, subnets=draw(SUBNETS), gateway=draw(GATEWAYS)) for name in NAMES)
    containers = tuple(
        Container(
            f"c{number}-{'long-' * draw(st.integers(0, 3))}name",
            tuple(Attachment(name) for name in draw(st.lists(st.sampled_from(NAMES), max_size=3))),
            sysctls=draw(SYSCTLS),
            path=("containers", f"c{number}"),
        )
        for number in range(draw(st.integers(1, 5)))
    )
    names = [container.name for container in containers]
    pairs = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=4))
    links = tuple(
        Link((Endpoint(one, f"p{at}"), Endpoint(other, f"q{at}")), draw(_link_subnets(at)), path=("links", at))
        for at, (one, other) in enumerate(pairs)
    )
    return Lab("t", networks, containers, links)


def _link_subnets(at: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sampled_from([(), (f"192.168.{at}.0/31",), (f"192.168.{at}.0/30", f"fd0{at + 5}::/127")])


def state_of(lab: Lab) -> State | None:
    """The state, or None of a document with an error (two networks drew one subnet)."""
    try:
        return resolve(lab)
    except DocumentErrors:
        return None


@given(labs())
@settings(max_examples=150, deadline=None)
def test_all_that_is_required_is_provided_and_every_name_is_one_objects(lab: Lab) -> None:
    state = state_of(lab)
    if state is None:
        return
    things = list(state.objects.values())
    provided = {token for thing in things for token in KINDS[thing.kind].provides(thing)}
    for thing in things:
        assert not set(KINDS[thing.kind].requires(thing)) - provided, thing.address
    assert not [name for name, count in Counter(thing.address for thing in things).items() if count > 1]
    occupied = Counter(token for thing in things for token in KINDS[thing.kind].occupies(thing))
    assert not [token for token, count in occupied.items() if count > 1]


@given(labs())
@settings(max_examples=100, deadline=None)
def test_macs_and_addresses_are_unique_on_a_network(lab: Lab) -> None:
    state = state_of(lab)
    if state is None:
        return
    things = list(state.objects.values())
    veths = [thing for thing in things if isinstance(thing, Veth)]
    for bridge in (thing for thing in things if isinstance(thing, Bridge)):
        mine = [veth for veth in veths if veth.peer.master == bridge.name]
        macs = [bridge.mac, *(end.mac for veth in mine for end in (veth.end, veth.peer))]
        assert len(macs) == len(set(macs))
        assert all(int(mac[:2], 16) & 3 == 2 for mac in macs)
        places = {(bridge.namespace, bridge.name), *((veth.end.namespace, veth.end.name) for veth in mine)}
        ips = [thing.ip for thing in things if isinstance(thing, Address) and (thing.namespace, thing.interface) in places]
        assert len(ips) == len(set(ips))


@given(labs())
@settings(max_examples=50, deadline=None)
def test_the_same_document_is_the_same_state(lab: Lab) -> None:
    one, other = state_of(lab), state_of(lab)
    assert one == other
    if one and other:
        assert list(one.objects) == list(other.objects)
