"""Our rtnetlink messages against pyroute2's message classes, byte for byte. tests/counts/test_sent.py: topo sends no others."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace
from pyroute2.netlink import nla
from pyroute2.netlink.rtnl.ifaddrmsg import ifaddrmsg
from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg
from pyroute2.netlink.rtnl.ndmsg import ndmsg
from pyroute2.netlink.rtnl.nsidmsg import nsidmsg
from pyroute2.netlink.rtnl.rtgenmsg import rtgenmsg
from pyroute2.netlink.rtnl.rtmsg import rtmsg

from tests.kernel.linux import small_lab
from topo.kernel.linux import announce, dumps, forwarding, ipv6, links, neighbours, sentinel
from topo.kernel.linux.codec import all_codecs
from topo.kernel.linux.indexes import Indexes
from topo.kernel.linux.messages import NLM_F_DUMP, Rtm, message, type_of
from topo.kernel.linux.place import Place
from topo.kernel.linux.sockets import RouteSocket
from topo.kernel.protocol import Operation
from topo.objects import Object, mark
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.interface import Interface
from topo.objects.loopback import Loopback
from topo.objects.neighbour import Neighbour
from topo.objects.route import IPV6_METRIC, Route
from topo.objects.settings import BASELINE, Settings
from topo.objects.veth import End, Veth

HERE, FABRIC = "topo.small.web", "topo.small"
FD, OTHER_FD = 0, 1
ASK, NEW, PUT, APPEND, REPLACE, DUMP = 0x1, 0x601, 0x501, 0xC01, 0x101, 0x301
UP, DOWN = {"flags": 1, "change": 1}, {"flags": 0, "change": 1}
FOUR, SIX = {"family": socket.AF_INET}, {"family": socket.AF_INET6}

Test = Callable[[], None]
COMPARISONS: list[Test] = []
COMPARED: list[bytes] = []
"""Every message that one of the comparisons has made with pyroute2, and found to be ours."""


def comparison(test: Test) -> Test:
    """A test that compares: what it compares, topo may send."""
    COMPARISONS.append(test)
    return test


def same(ours: Sequence[bytes], theirs: Sequence[bytes]) -> None:
    assert list(ours) == list(theirs)
    COMPARED.extend(theirs)


class Heard(RouteSocket):
    """A socket behind which nobody is; `heard` is what was asked."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def ask_all(self, requests: Sequence[bytes]) -> list[bytes | OSError]:
        self.heard += requests
        return [OSError("nobody answers")] * len(requests)

    def dump(self, kind: int, body: bytes) -> list[bytes]:
        self.heard.append(message(kind, NLM_F_DUMP, body))
        return []


def place(name: str = HERE, fd: int = FD) -> Place:
    """A namespace in which eth0 has the index 2; nothing is opened."""
    known = Indexes.fresh()
    known.take("eth0")
    found = Place(name, "small", fd, known, partial(place, fd=OTHER_FD))
    found._socket = Heard()
    return found


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


class Ifinfmsg(ifinfmsg):
    """pyroute2 has the form in which IFLA_INET_CONF is dumped, an array, and not the one in which it is set."""

    _nlmsg_base__compiled_nla = False
    """Else what pyroute2 has made of the parent class, once a test has used that, is taken for ours."""

    class af_spec(nla):  # noqa: N801
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


class Netconfmsg(rtgenmsg):
    """pyroute2 has none; linux/netconf.h."""

    nla_map = ((1, "NETCONFA_IFINDEX", "int32"),)


def link(kind: Rtm, how: int, attributes: list[tuple[str, Any]], **fields: Any) -> bytes:
    return theirs(Ifinfmsg(), kind, how, attributes, **fields)


def changed(index: int, *attributes: tuple[str, Any], **fields: Any) -> bytes:
    return link(Rtm.RTM_NEWLINK, ASK, list(attributes), index=index, **fields)


def tuned(settings: Settings, *, ipv6: bool = True) -> tuple[str, Any]:
    names = {
        "FORWARDING": settings.forwarding,
        "RP_FILTER": settings.rp_filter,
        "PROMOTE": settings.promote_secondaries,
        "NOTIFY": settings.arp_notify,
    }
    conf = {"attrs": [(name, int(value)) for name, value in names.items()]}
    inet6 = ("AF_INET6", {"attrs": [("IFLA_INET6_ADDR_GEN_MODE", 1)]})
    inet = ("AF_INET", {"attrs": [("IFLA_INET_CONF", conf)]})
    return "IFLA_AF_SPEC", {"attrs": [inet, inet6] if ipv6 else [inet]}


VETH = Veth(
    namespace=HERE,
    end=End(HERE, "eth1", mark.of_attachment("front", 1), "02:42:ac:11:00:02", mtu=1400),
    peer=End(FABRIC, "web.eth1", mark.of_lab("small"), "02:00:00:00:00:02", master="eth0", settings=None),
)


def born(end: End, *more: tuple[str, Any]) -> list[tuple[str, Any]]:
    said = {"IFLA_IFNAME": end.name, "IFLA_ADDRESS": end.mac, "IFLA_MTU": end.mtu, "IFLA_GROUP": end.mark}
    return [*said.items(), ("IFLA_NUM_TX_QUEUES", 1), ("IFLA_NUM_RX_QUEUES", 1), *more]


def veth(peer: dict[str, Any]) -> tuple[str, Any]:
    data = {"attrs": [("VETH_INFO_PEER", peer)]}
    return "IFLA_LINKINFO", {"attrs": [("IFLA_INFO_KIND", "veth"), ("IFLA_INFO_DATA", data)]}


@comparison
def test_a_veth_is_born_in_both_namespaces() -> None:
    peer = {"index": 3, "attrs": born(VETH.end, ("IFLA_NET_NS_FD", OTHER_FD))}
    expected = link(Rtm.RTM_NEWLINK, NEW, born(VETH.peer, veth(peer)), index=3)
    same(ours(None, VETH, place(FABRIC)), [expected])


@comparison
def test_a_veth_within_one_namespace() -> None:
    inside = replace(VETH, peer=replace(VETH.peer, namespace=HERE, master=None))
    expected = link(Rtm.RTM_NEWLINK, NEW, born(inside.peer, veth({"index": 3, "attrs": born(inside.end)})), index=102)
    same(ours(None, inside), [expected])


@comparison
def test_a_veth_changes_one_end_at_a_time() -> None:
    at = place(FABRIC)
    at.indexes.add("front", 7)
    port = replace(VETH, peer=replace(VETH.peer, name="eth0", up=False, master=None))
    joined = replace(port, peer=replace(VETH.peer, name="eth3", mac="02:00:00:00:00:03", master="front"))
    attributes = ("IFLA_IFNAME", "eth3"), ("IFLA_ADDRESS", "02:00:00:00:00:03"), ("IFLA_MASTER", 7)
    same(ours(port, joined, at), [changed(2, *attributes, **UP)])
    assert at.index("eth3") == 2


@comparison
def test_an_end_changes_its_size_and_mark_and_leaves_its_bridge() -> None:
    port = replace(VETH, peer=replace(VETH.peer, name="eth0"))
    alone = replace(port, peer=replace(port.peer, mtu=9000, mark=5, master=None, up=False))
    attributes = ("IFLA_MTU", 9000), ("IFLA_GROUP", 5), ("IFLA_MASTER", 0)
    same(ours(port, alone, place(FABRIC)), [changed(2, *attributes, **DOWN)])


@comparison
def test_an_end_has_its_settings_before_it_is_up() -> None:
    made = replace(VETH, end=replace(VETH.end, name="eth0", up=False, settings=None))
    for mtu, wide in (1400, True), (1000, False):  # one that is too narrow for IPv6 has no settings of it
        narrow = replace(made, end=replace(made.end, mtu=mtu))
        up = replace(narrow, end=replace(narrow.end, up=True, settings=BASELINE))
        same(ours(narrow, up), [changed(2, tuned(BASELINE, ipv6=wide)), changed(2, **UP)])


BRIDGE = Bridge(namespace=FABRIC, name="front", mark=mark.of_network("front"), mac="02:42:00:00:00:01", ageing_time=60)


def options(thing: Bridge) -> tuple[str, Any]:
    data = [("IFLA_BR_AGEING_TIME", thing.ageing_time * 100), ("IFLA_BR_STP_STATE", int(thing.stp))]
    data.append(("IFLA_BR_MCAST_SNOOPING", int(thing.multicast_snooping)))
    return "IFLA_LINKINFO", {"attrs": [("IFLA_INFO_KIND", "bridge"), ("IFLA_INFO_DATA", {"attrs": data})]}


@comparison
def test_a_bridge_is_made_with_its_mac_and_its_mtu_is_said_twice() -> None:
    said = [("IFLA_IFNAME", "front"), ("IFLA_ADDRESS", BRIDGE.mac), ("IFLA_GROUP", BRIDGE.mark), options(BRIDGE)]
    made = link(Rtm.RTM_NEWLINK, NEW, said, index=3)
    tune = changed(3, ("IFLA_MTU", 1500), tuned(BASELINE))
    at = place()
    at.later((ipv6._OFF, "0"), lambda: None)  # IPv6 is on for what is made now
    same(ours(None, BRIDGE, at), [made, changed(3, ("IFLA_MTU", 1499)), tune, changed(3, **UP)])


@comparison
def test_a_bridge_changes_its_options_in_place() -> None:
    before = replace(BRIDGE, name="eth0")
    after = replace(before, stp=True, multicast_snooping=True)
    same(ours(before, after), [changed(2, options(after))])


@comparison
def test_links_are_deleted_by_index() -> None:
    port = replace(VETH, peer=replace(VETH.peer, name="eth0"))
    for thing in replace(BRIDGE, name="eth0"), port, Interface(namespace=HERE, name="eth0"):
        same(ours(thing, None), [link(Rtm.RTM_DELLINK, ASK, [], index=2)])


@comparison
def test_the_loopback_comes_up_with_its_settings() -> None:
    routing = replace(BASELINE, forwarding=True, rp_filter=2, arp_notify=False)
    for wanted in BASELINE, routing:
        same(ours(None, Loopback(namespace=HERE, settings=wanted)), [changed(1, tuned(wanted), **UP)])
    same(ours(None, Loopback(namespace=HERE, up=False)), [changed(1, tuned(BASELINE), **DOWN)])


IPV4 = Address(namespace=HERE, interface="eth0", ip="10.0.0.2/24", broadcast="10.0.0.255")
IPV6 = Address(namespace=HERE, interface="eth0", ip="fd00::2/64")


@comparison
def test_addresses() -> None:
    four, six = FOUR | {"prefixlen": 24, "index": 2}, SIX | {"prefixlen": 64, "index": 2}
    both = [("IFA_LOCAL", "10.0.0.2"), ("IFA_ADDRESS", "10.0.0.2")]
    marked = [*both, ("IFA_BROADCAST", "10.0.0.255"), ("IFA_PROTO", 116)]
    same(ours(None, IPV4), [theirs(ifaddrmsg(), Rtm.RTM_NEWADDR, NEW, marked, **four)])
    same(ours(replace(IPV4, owned=False), IPV4), [theirs(ifaddrmsg(), Rtm.RTM_NEWADDR, REPLACE, marked, **four)])
    same(ours(IPV4, None), [theirs(ifaddrmsg(), Rtm.RTM_DELADDR, ASK, both, **four)])
    both = [("IFA_LOCAL", "fd00::2"), ("IFA_ADDRESS", "fd00::2")]
    marked = [*both, ("IFA_FLAGS", 2), ("IFA_PROTO", 116)]
    same(ours(None, IPV6), [theirs(ifaddrmsg(), Rtm.RTM_NEWADDR, NEW, marked, **six)])
    same(ours(replace(IPV6, owned=False), IPV6), [theirs(ifaddrmsg(), Rtm.RTM_NEWADDR, REPLACE, marked, **six)])
    same(ours(IPV6, None), [theirs(ifaddrmsg(), Rtm.RTM_DELADDR, ASK, both, **six)])


@comparison
def test_a_search_for_an_own_address_speaks_of_it() -> None:
    fields, entry = FOUR | {"ifindex": 2}, [("NDA_DST", "10.0.0.2")]
    begun = theirs(ndmsg(), Rtm.RTM_NEWNEIGH, NEW, entry, **fields, flags=1)
    same(announce.search(2, "10.0.0.2"), [begun, theirs(ndmsg(), Rtm.RTM_DELNEIGH, ASK, entry, **fields)])
    addresses = message(Rtm.RTM_GETADDR, NLM_F_DUMP, announce.ADDRESSES)
    same([addresses], [theirs(ifaddrmsg(), Rtm.RTM_GETADDR, DUMP, [], **FOUR)])


UNICAST = {"table": 254, "proto": 116, "type": 1}


@comparison
def test_routes() -> None:
    default = Route(namespace=HERE, to="0.0.0.0/0", via="10.0.0.1", interface="eth0")
    fields = FOUR | UNICAST
    way = [("RTA_GATEWAY", "10.0.0.1"), ("RTA_OIF", 2)]
    same(ours(None, default), [theirs(rtmsg(), Rtm.RTM_NEWROUTE, NEW, way, **fields)])
    gone = theirs(rtmsg(), Rtm.RTM_DELROUTE, ASK, way, **fields, scope=255)
    same(ours(default, None), [gone])
    other = [("RTA_GATEWAY", "10.0.0.9"), ("RTA_OIF", 2)]
    put = theirs(rtmsg(), Rtm.RTM_NEWROUTE, APPEND, other, **fields)
    same(ours(default, replace(default, via="10.0.0.9")), [put, gone])


@comparison
def test_routes_of_ipv6() -> None:
    default = Route(namespace=HERE, to="::/0", via="fd00::1", interface="eth0", metric=IPV6_METRIC)
    way = [("RTA_GATEWAY", "fd00::1"), ("RTA_OIF", 2), ("RTA_PRIORITY", IPV6_METRIC)]
    same(ours(None, default), [theirs(rtmsg(), Rtm.RTM_NEWROUTE, NEW, way, **SIX | UNICAST)])
    other = [("RTA_GATEWAY", "fd00::9"), *way[1:]]
    moved = replace(default, via="fd00::9")
    same(ours(default, moved), [theirs(rtmsg(), Rtm.RTM_NEWROUTE, PUT, other, **SIX | UNICAST)])
    same(ours(default, None), [theirs(rtmsg(), Rtm.RTM_DELROUTE, ASK, way, **SIX | UNICAST, scope=255)])


@comparison
def test_routes_of_other_types_and_tables() -> None:
    types = {"blackhole": 6, "unreachable": 7, "prohibit": 8}
    for kind, number in types.items():
        hole = Route(namespace=HERE, to="fd09::/48", type=kind, metric=1024)
        attributes = [("RTA_DST", "fd09::"), ("RTA_PRIORITY", 1024)]
        fields = SIX | {"dst_len": 48, "table": 254, "proto": 116, "type": number}
        same(ours(None, hole), [theirs(rtmsg(), Rtm.RTM_NEWROUTE, NEW, attributes, **fields)])
        same(ours(hole, replace(hole, owner="x")), [theirs(rtmsg(), Rtm.RTM_NEWROUTE, PUT, attributes, **fields)])
        same(ours(hole, None), [theirs(rtmsg(), Rtm.RTM_DELROUTE, ASK, attributes, **fields, scope=255)])
    other = Route(namespace=HERE, to="10.7.0.0/16", interface="eth0", source="10.0.0.2", table=1000, metric=50)
    attributes = [("RTA_DST", "10.7.0.0"), ("RTA_OIF", 2), ("RTA_PRIORITY", 50), ("RTA_PREFSRC", "10.0.0.2")]
    attributes.append(("RTA_TABLE", 1000))
    fields = FOUR | {"dst_len": 16, "table": 252, "proto": 116, "type": 1}
    same(ours(None, other), [theirs(rtmsg(), Rtm.RTM_NEWROUTE, NEW, attributes, **fields, scope=253)])
    put, gone = (theirs(rtmsg(), kind, how, attributes, **fields, scope=scope) for kind, how, scope in MOVES)
    same(ours(other, replace(other, owner="x")), [put, gone])


MOVES = (Rtm.RTM_NEWROUTE, APPEND, 253), (Rtm.RTM_DELROUTE, ASK, 255)


@comparison
def test_neighbours() -> None:
    for ip, family in ("10.0.0.1", FOUR), ("fd00::1", SIX):
        thing = Neighbour(namespace=HERE, interface="eth0", ip=ip, mac=small_lab.GATEWAY_MAC)
        fields = family | {"ifindex": 2, "state": 0x80}
        attributes = [("NDA_DST", ip), ("NDA_LLADDR", thing.mac), ("NDA_PROTOCOL", 116)]
        put = theirs(ndmsg(), Rtm.RTM_NEWNEIGH, PUT, attributes, **fields)
        same(ours(None, thing), [put])
        same(ours(replace(thing, mac="02:00:00:00:00:09"), thing), [put])
        same(ours(thing, None), [theirs(ndmsg(), Rtm.RTM_DELNEIGH, ASK, attributes[:1], **fields)])


@comparison
def test_what_is_made_to_see_a_lab_end() -> None:
    info = veth({"attrs": [("IFLA_NET_NS_FD", OTHER_FD)]})
    same([sentinel._veth(OTHER_FD)], [link(Rtm.RTM_NEWLINK, NEW, [("IFLA_IFNAME", "sentinel"), info])])


@comparison
def test_dumps() -> None:
    seen = Heard()
    links.dump(seen, HERE)
    neighbours.dump(seen, (socket.AF_INET, socket.AF_INET6))
    near = [theirs(ndmsg(), Rtm.RTM_GETNEIGH, DUMP, [], **family) for family in (FOUR, SIX)]
    every = link(Rtm.RTM_GETLINK, DUMP, [("IFLA_EXT_MASK", 8)])
    same(seen.heard, [every, *near])
    whole = place()
    dumps.read(whole, None)
    asked = [one for one in asked_of(whole) if type_of(one) in ("RTM_GETADDR", "RTM_GETROUTE")]
    all_addresses, routes = theirs(ifaddrmsg(), Rtm.RTM_GETADDR, DUMP, []), theirs(rtmsg(), Rtm.RTM_GETROUTE, DUMP, [], family=0)
    same(sorted(asked), sorted([all_addresses, routes]))


def asked_of(place: Place) -> list[bytes]:
    assert isinstance(place.socket, Heard)
    return place.socket.heard


@comparison
def test_questions() -> None:
    at = place()
    asked = neighbours.questions(at, [("eth0", "10.0.0.1"), ("eth0", "fd00::1"), ("gone0", "10.0.0.1")])
    near = ("10.0.0.1", FOUR), ("fd00::1", SIX)
    same(asked, [theirs(ndmsg(), Rtm.RTM_GETNEIGH, ASK, [("NDA_DST", ip)], **family, ifindex=2) for ip, family in near])
    seen = Heard()
    with pytest.raises(OSError, match="nobody answers"):
        links.find(seen, "eth7")
    same(seen.heard, [link(Rtm.RTM_GETLINK, ASK, [("IFLA_IFNAME", "eth7")])])
    seen = Heard()
    assert not links.is_there(seen, 3)
    same(seen.heard, [link(Rtm.RTM_GETLINK, ASK, [("IFLA_IF_NETNSID", 3)], index=1)])
    every = [("NETCONFA_IFINDEX", -1)]
    same(
        forwarding.QUESTIONS,
        [theirs(Netconfmsg(), Rtm.RTM_GETNETCONF, ASK, every, rtgen_family=one["family"]) for one in (FOUR, SIX)],
    )
    fabric = place(FABRIC)
    dumps.nsids(fabric, [place(fd=OTHER_FD)])
    same(asked_of(fabric), [theirs(nsidmsg(), Rtm.RTM_GETNSID, ASK, [("NETNSA_FD", OTHER_FD)])])


@pytest.mark.parametrize(("kind", "name"), [(20, "RTM_NEWADDR"), (33, "RTM_DELRULE"), (104, "RTM 104"), (60000, "RTM 60000")])
def test_a_message_may_be_of_any_type(kind: int, name: str) -> None:
    assert type_of(message(kind, 0, b"")) == name
