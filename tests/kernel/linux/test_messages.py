"""Our rtnetlink messages against pyroute2's message classes, byte for byte."""

from __future__ import annotations

import socket
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace
from pyroute2.netlink import nla
from pyroute2.netlink.rtnl.ifaddrmsg import ifaddrmsg
from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg
from pyroute2.netlink.rtnl.ndmsg import ndmsg
from pyroute2.netlink.rtnl.rtmsg import rtmsg

from tests.kernel.linux import small_lab
from topo.kernel.linux import settings
from topo.kernel.linux.codec import all_codecs
from topo.kernel.linux.indexes import Indexes
from topo.kernel.linux.messages import Rtm, message, type_of
from topo.kernel.linux.place import Place
from topo.kernel.protocol import Operation
from topo.objects import Object, mark
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.interface import Interface
from topo.objects.loopback import Loopback
from topo.objects.neighbour import Neighbour
from topo.objects.route import Route
from topo.objects.settings import BASELINE
from topo.objects.veth import End, Veth

HERE = "topo.small.web"
NEW, PUT, APPEND, REPLACE = 0x601, 0x501, 0xC01, 0x101
UP = {"flags": 1, "change": 1}


def place(name: str = HERE, fd: int = 9) -> Place:
    """A namespace in which eth0 has the index 2; nothing is opened."""
    known = Indexes.fresh()
    known.take("eth0")
    return Place(name, "small", fd, known, partial(place, fd=11))


def ours(before: Object | None, after: Object | None, at: Place | None = None) -> list[bytes]:
    thing = after or before
    assert thing is not None
    operation = Operation(1, thing.namespace, before, after, (), thing.address)
    encode = all_codecs()[thing.kind].encode
    assert encode is not None
    return list(encode(operation, at or place()))


def theirs(message: Any, kind: Rtm, how: int, attributes: list[tuple[str, Any]], /, **fields: Any) -> bytes:
    message["header"] = {"type": int(kind), "flags": how, "sequence_number": 0, "pid": 0}
    for name, value in fields.items():
        message[name] = value
    message["attrs"] = attributes
    message.encode()
    return bytes(message.data)


def link(kind: Rtm, how: int, attributes: list[tuple[str, Any]], **fields: Any) -> bytes:
    return theirs(ifinfmsg(), kind, how, attributes, **fields)


class AfSpec(nla):
    """pyroute2 has the form in which IFLA_INET_CONF is dumped, an array, and not the one in which it is set."""

    nla_map = ((socket.AF_INET, "AF_INET", "inet"), (socket.AF_INET6, "AF_INET6", "inet6"))

    class inet(nla):  # noqa: N801
        nla_map = ((1, "IFLA_INET_CONF", "conf"),)

        class conf(nla):  # noqa: N801
            nla_map = (
                (1, "FORWARDING", "uint32"),
                (8, "RP_FILTER", "uint32"),
                (20, "PROMOTE", "uint32"),
                (22, "NOTIFY", "uint32"),
            )

    class inet6(nla):  # noqa: N801
        nla_map = ((8, "IFLA_INET6_ADDR_GEN_MODE", "uint8"),)


def test_settings() -> None:
    spec = AfSpec()
    conf = {"attrs": [("FORWARDING", 1), ("RP_FILTER", 2), ("PROMOTE", 1), ("NOTIFY", 0)]}
    inet = {"attrs": [("IFLA_INET_CONF", conf)]}
    spec["attrs"] = [("AF_INET", inet), ("AF_INET6", {"attrs": [("IFLA_INET6_ADDR_GEN_MODE", 1)]})]
    spec["header"] = {"type": settings.IFLA_AF_SPEC}
    spec.encode()
    assert settings.encode(replace(BASELINE, forwarding=True, rp_filter=2, arp_notify=False), 1500) == bytes(spec.data)


def test_settings_of_an_interface_that_is_too_narrow_for_ipv6() -> None:
    assert settings.encode(BASELINE, 1279) != settings.encode(BASELINE, 1280)
    assert b"\x0a\x00" not in settings.encode(BASELINE, 1279)


VETH = Veth(
    namespace=HERE,
    end=End(HERE, "eth1", mark.of_attachment("front", 1), "02:42:ac:11:00:02", mtu=1400),
    peer=End("topo.small", "web.eth1", mark.of_lab("small"), "02:00:00:00:00:02", master="eth0", settings=None),
)


ONE_QUEUE = [("IFLA_NUM_TX_QUEUES", 1), ("IFLA_NUM_RX_QUEUES", 1)]


def test_a_veth_is_born_in_both_namespaces() -> None:
    end, peer = VETH.end, VETH.peer
    other = [
        ("IFLA_IFNAME", "eth1"),
        ("IFLA_ADDRESS", end.mac),
        ("IFLA_MTU", 1400),
        ("IFLA_GROUP", end.mark),
        *ONE_QUEUE,
        ("IFLA_NET_NS_FD", 11),
    ]
    info = {
        "attrs": [
            ("IFLA_INFO_KIND", "veth"),
            ("IFLA_INFO_DATA", {"attrs": [("VETH_INFO_PEER", {"index": 3, "attrs": other})]}),
        ]
    }
    attributes = [
        ("IFLA_IFNAME", "web.eth1"),
        ("IFLA_ADDRESS", peer.mac),
        ("IFLA_MTU", 1500),
        ("IFLA_GROUP", peer.mark),
        *ONE_QUEUE,
    ]
    expected = link(Rtm.RTM_NEWLINK, NEW, [*attributes, ("IFLA_LINKINFO", info)], index=3)
    assert ours(None, VETH, place("topo.small")) == [expected]


def test_a_veth_changes_one_end_at_a_time() -> None:
    at = place("topo.small")
    at.indexes.add("front", 7)
    port = replace(VETH, peer=replace(VETH.peer, name="eth0", up=False, master=None))
    joined = replace(port, peer=replace(VETH.peer, name="eth3", mac="02:00:00:00:00:03", master="front"))
    attributes = [("IFLA_IFNAME", "eth3"), ("IFLA_ADDRESS", "02:00:00:00:00:03"), ("IFLA_MASTER", 7)]
    assert ours(port, joined, at) == [link(Rtm.RTM_NEWLINK, 1, attributes, index=2, **UP)]
    assert at.index("eth3") == 2


def test_an_end_has_its_settings_before_it_is_up() -> None:
    born = replace(VETH, end=replace(VETH.end, name="eth0", up=False, settings=None))
    tuned, up = ours(born, replace(born, end=replace(born.end, up=True, settings=BASELINE)))
    assert tuned.endswith(settings.encode(BASELINE, 1400))
    assert up == link(Rtm.RTM_NEWLINK, 1, [], index=2, **UP)


BRIDGE = Bridge(namespace="topo.small", name="front", mark=mark.of_network("front"), mac="02:42:00:00:00:01", ageing_time=60)


def options(thing: Bridge) -> tuple[str, Any]:
    data = [("IFLA_BR_AGEING_TIME", thing.ageing_time * 100), ("IFLA_BR_STP_STATE", int(thing.stp))]
    data.append(("IFLA_BR_MCAST_SNOOPING", int(thing.multicast_snooping)))
    return "IFLA_LINKINFO", {"attrs": [("IFLA_INFO_KIND", "bridge"), ("IFLA_INFO_DATA", {"attrs": data})]}


def test_a_bridge_is_made_with_its_mac_and_its_mtu_is_said_twice() -> None:
    made, first, second, up = ours(None, BRIDGE)
    attributes = [("IFLA_IFNAME", "front"), ("IFLA_ADDRESS", BRIDGE.mac), ("IFLA_GROUP", BRIDGE.mark)]
    assert made == link(Rtm.RTM_NEWLINK, NEW, [*attributes, options(BRIDGE)], index=3)
    assert first == link(Rtm.RTM_NEWLINK, 1, [("IFLA_MTU", 1499)], index=3)
    assert second[16:40] == link(Rtm.RTM_NEWLINK, 1, [("IFLA_MTU", 1500)], index=3)[16:]
    assert second.endswith(settings.encode(BASELINE, 1500))
    assert up == link(Rtm.RTM_NEWLINK, 1, [], index=3, **UP)


def test_a_bridge_changes_its_options_in_place() -> None:
    before = replace(BRIDGE, name="eth0")
    after = replace(before, stp=True, multicast_snooping=True)
    assert ours(before, after) == [link(Rtm.RTM_NEWLINK, 1, [options(after)], index=2)]


@pytest.mark.parametrize(
    "thing",
    [
        replace(BRIDGE, name="eth0"),
        replace(VETH, peer=replace(VETH.peer, name="eth0")),
        Interface(namespace=HERE, name="eth0"),
    ],
)
def test_links_are_deleted_by_index(thing: Object) -> None:
    assert ours(thing, None) == [link(Rtm.RTM_DELLINK, 1, [], index=2)]


def test_the_loopback_comes_up_with_its_settings() -> None:
    (message,) = ours(None, Loopback(namespace=HERE))
    assert message[16:32] == link(Rtm.RTM_NEWLINK, 1, [], index=1, **UP)[16:32]
    assert message[32:] == settings.encode(BASELINE, 65536)


IPV4 = Address(namespace=HERE, interface="eth0", ip="10.0.0.2/24", broadcast="10.0.0.255")
IPV6 = Address(namespace=HERE, interface="eth0", ip="fd00::2/64")


def test_addresses() -> None:
    four = {"family": socket.AF_INET, "prefixlen": 24, "index": 2}
    six = {"family": socket.AF_INET6, "prefixlen": 64, "index": 2}
    both = [("IFA_LOCAL", "10.0.0.2"), ("IFA_ADDRESS", "10.0.0.2")]
    marked = [*both, ("IFA_BROADCAST", "10.0.0.255"), ("IFA_PROTO", 116)]
    assert ours(None, IPV4) == [theirs(ifaddrmsg(), Rtm.RTM_NEWADDR, NEW, marked, **four)]
    assert ours(replace(IPV4, owned=False), IPV4) == [theirs(ifaddrmsg(), Rtm.RTM_NEWADDR, REPLACE, marked, **four)]
    assert ours(IPV4, None) == [theirs(ifaddrmsg(), Rtm.RTM_DELADDR, 1, both, **four)]
    nodad = [("IFA_LOCAL", "fd00::2"), ("IFA_ADDRESS", "fd00::2"), ("IFA_FLAGS", 2), ("IFA_PROTO", 116)]
    assert ours(None, IPV6) == [theirs(ifaddrmsg(), Rtm.RTM_NEWADDR, NEW, nodad, **six)]


def test_routes() -> None:
    default = Route(namespace=HERE, to="0.0.0.0/0", via="10.0.0.1", interface="eth0")
    fields = {"family": socket.AF_INET, "table": 254, "proto": 116, "type": 1}
    way = [("RTA_GATEWAY", "10.0.0.1"), ("RTA_OIF", 2)]
    assert ours(None, default) == [theirs(rtmsg(), Rtm.RTM_NEWROUTE, NEW, way, **fields)]
    gone = theirs(rtmsg(), Rtm.RTM_DELROUTE, 1, way, **fields, scope=255)
    assert ours(default, None) == [gone]
    other = [("RTA_GATEWAY", "10.0.0.9"), ("RTA_OIF", 2)]
    assert ours(default, replace(default, via="10.0.0.9")) == [
        theirs(rtmsg(), Rtm.RTM_NEWROUTE, APPEND, other, **fields),
        gone,
    ]


def test_routes_of_other_types_and_tables() -> None:
    hole = Route(namespace=HERE, to="fd09::/48", type="blackhole", metric=1024)
    attributes = [("RTA_DST", "fd09::"), ("RTA_PRIORITY", 1024)]
    fields = {"family": socket.AF_INET6, "dst_len": 48, "table": 254, "proto": 116, "type": 6}
    assert ours(None, hole) == [theirs(rtmsg(), Rtm.RTM_NEWROUTE, NEW, attributes, **fields)]
    assert ours(hole, replace(hole, owner="x")) == [theirs(rtmsg(), Rtm.RTM_NEWROUTE, PUT, attributes, **fields)]
    other = Route(namespace=HERE, to="10.7.0.0/16", interface="eth0", source="10.0.0.2", table=1000)
    attributes = [("RTA_DST", "10.7.0.0"), ("RTA_OIF", 2), ("RTA_PREFSRC", "10.0.0.2"), ("RTA_TABLE", 1000)]
    fields = {"family": socket.AF_INET, "dst_len": 16, "table": 252, "proto": 116, "type": 1, "scope": 253}
    assert ours(None, other) == [theirs(rtmsg(), Rtm.RTM_NEWROUTE, NEW, attributes, **fields)]


def test_neighbours() -> None:
    thing = Neighbour(namespace=HERE, interface="eth0", ip="10.0.0.1", mac=small_lab.GATEWAY_MAC)
    fields = {"family": socket.AF_INET, "ifindex": 2, "state": 0x80}
    attributes = [("NDA_DST", "10.0.0.1"), ("NDA_LLADDR", thing.mac), ("NDA_PROTOCOL", 116)]
    assert ours(None, thing) == [theirs(ndmsg(), Rtm.RTM_NEWNEIGH, PUT, attributes, **fields)]
    assert ours(thing, None) == [theirs(ndmsg(), Rtm.RTM_DELNEIGH, 1, attributes[:1], **fields)]


@pytest.mark.parametrize(("kind", "name"), [(20, "RTM_NEWADDR"), (33, "RTM_DELRULE"), (104, "RTM 104"), (60000, "RTM 60000")])
def test_a_message_may_be_of_any_type(kind: int, name: str) -> None:
    assert type_of(message(kind, 0, b"")) == name
