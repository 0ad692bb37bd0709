from __future__ import annotations

from msgspec.structs import replace

from tests.networks.test_drivers import PORT, SEGMENT
from topo.networks import DRIVERS, Assigned
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.neighbour import Neighbour
from topo.objects.veth import Veth

BRIDGE = DRIVERS["bridge"]
OPTIONS = {key: schema["default"] for key, schema in BRIDGE.options.items()}
GATEWAYS = (Assigned.of("10.0.0.1/24", "10.0.0.255"), Assigned.of("fd00::1/64"))
FULL = replace(SEGMENT, gateways=GATEWAYS, link_local=Assigned.of("fe80::ff:fe00:1/64"), options=OPTIONS)
ON_IT = replace(PORT, addresses=(Assigned.of("10.0.0.2/24", "10.0.0.255"), Assigned.of("fd00::2/64")))


def test_a_bridge_with_the_gateways_on_it_that_knows_its_containers() -> None:
    bridge, *others = BRIDGE.shared(FULL, [ON_IT])
    assert isinstance(bridge, Bridge)
    assert (bridge.name, bridge.namespace, bridge.mac, bridge.stp, bridge.ageing_time) == ("n", "topo.t", SEGMENT.mac, False, 300)
    assert [thing.ip for thing in others if isinstance(thing, Address)] == ["10.0.0.1/24", "fd00::1/64", "fe80::ff:fe00:1/64"]
    known = [(thing.ip, thing.mac) for thing in others if isinstance(thing, Neighbour)]
    assert known == [("10.0.0.2", PORT.mac), ("fd00::2", PORT.mac)]


def test_without_a_gateway_of_a_family_it_looks_nobody_up_in_that() -> None:
    _, *others = BRIDGE.shared(replace(FULL, gateways=GATEWAYS[:1], link_local=None), [ON_IT])
    assert [thing.address for thing in others] == ["networks/n/10.0.0.1/24", "networks/n/neighbours/10.0.0.2"]


def test_a_veth_pair_with_its_port_on_the_bridge() -> None:
    veth, *others = BRIDGE.attached(FULL, ON_IT)
    assert isinstance(veth, Veth)
    assert (veth.end.name, veth.peer.name, veth.peer.master, veth.end.master) == ("eth0", "a.eth0", "n", None)
    assert (veth.end.mark, veth.peer.mark) == (PORT.mark, PORT.port_mark)
    known = [(thing.interface, thing.ip, thing.mac) for thing in others if isinstance(thing, Neighbour)]
    assert known == [("eth0", "10.0.0.1", SEGMENT.mac), ("eth0", "fd00::1", SEGMENT.mac)]


def test_a_port_is_as_the_attachment_says() -> None:
    veth, *_ = BRIDGE.attached(FULL, replace(ON_IT, options={"isolated": True, "hairpin": True}))
    assert isinstance(veth, Veth)
    assert (veth.peer.isolated, veth.peer.hairpin) == (True, True)
    assert (veth.end.isolated, veth.end.hairpin) == (False, False)


def test_vlans_are_kept_apart_where_the_network_looks_at_them() -> None:
    looking = replace(FULL, options={**OPTIONS, "vlan_filtering": True})
    cases = {"": {}, "10 pvid untagged": {"vlan": 10}, "10, 20-30": {"trunk": ["10", "20-30"]}}
    for words, options in cases.items():
        port = replace(ON_IT, options=options, given=frozenset(options))
        (veth, *_), (plain, *_) = BRIDGE.attached(looking, port), BRIDGE.attached(FULL, port)
        assert isinstance(veth, Veth)
        assert isinstance(plain, Veth)
        assert (veth.peer.vlans, plain.peer.vlans) == (words or "1 pvid untagged", "")
        assert not list(BRIDGE.check(looking, [port], []))
        assert [complaint.key for complaint in BRIDGE.check(FULL, [port], [])] == list(options)
