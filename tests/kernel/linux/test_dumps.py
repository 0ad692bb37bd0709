"""What we read in real dumps is what pyroute2 reads in them."""

from __future__ import annotations

from collections.abc import Iterator
from socket import AF_INET, AF_INET6
from struct import Struct
from typing import Any

import pytest
from pyroute2.netlink.rtnl.ifaddrmsg import ifaddrmsg
from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg
from pyroute2.netlink.rtnl.ndmsg import ndmsg
from pyroute2.netlink.rtnl.rtmsg import rtmsg

from tests.kernel.linux.small_lab import DB, FABRIC, LAB, WEB, seen
from topo.kernel.linux import LinuxKernel, dumps, links, namespaces
from topo.kernel.linux.messages import HEADER, Rtm
from topo.kernel.linux.place import Place
from topo.objects.address import Address
from topo.objects.neighbour import Neighbour
from topo.objects.route import Route

pytestmark = pytest.mark.live


@pytest.fixture(params=[FABRIC, WEB, DB])
def place(request: pytest.FixtureRequest, kernel: LinuxKernel) -> Iterator[Place]:
    with Place(request.param, LAB, namespaces.open(request.param)) as opened:
        yield opened


def decoded(message: type[Any], place: Place, kind: Rtm, size: int) -> list[Any]:
    """The dump, as pyroute2 reads it."""
    found = []
    for body in place.socket.dump(kind, bytes(size)):
        one = message(HEADER.pack(16 + len(body), kind - 2, 0, 0, 0) + body)
        one.decode()
        found.append(one)
    return found


@pytest.mark.parametrize(
    ("family", "index", "counts"), [(AF_INET6, 2, True), (AF_INET6, 257, True), (AF_INET6, 1, False), (AF_INET, 2, False)]
)
def test_ipv6_neighbours_are_read_where_there_is_an_ipv6_address(family: int, index: int, counts: bool) -> None:
    """lo's does not count; interface 257 is not lo, though its lowest byte is lo's."""
    assert dumps._is_ipv6(Struct("=BBBBI").pack(family, 64, 0, 0, index)) is counts


def test_links(place: Place) -> None:
    ours = {link.index: link for link in place.links()}
    theirs = decoded(ifinfmsg, place, Rtm.RTM_GETLINK, 16)
    assert set(ours) == {link["index"] for link in theirs}
    for link in theirs:
        mine, get = ours[link["index"]], link.get_attr
        assert (mine.name, mine.mac, mine.mtu) == (get("IFLA_IFNAME"), get("IFLA_ADDRESS"), get("IFLA_MTU"))
        assert (mine.group, mine.master, mine.peer) == (get("IFLA_GROUP"), get("IFLA_MASTER") or 0, get("IFLA_LINK") or 0)
        assert (mine.nsid, mine.up) == (get("IFLA_LINK_NETNSID"), bool(link["flags"] & 1))
        assert mine.kind == (link.get_nested("IFLA_LINKINFO", "IFLA_INFO_KIND") or "")
        if mine.master:
            assert mine.settings is None
            continue
        conf = link.get_nested("IFLA_AF_SPEC", "AF_INET")
        names = ("forwarding", "rp_filter", "promote_secondaries", "arp_notify")
        assert [int(getattr(mine.settings, name)) for name in names] == [conf[name] for name in names]


def test_addresses_routes_and_neighbours(place: Place, kernel: LinuxKernel) -> None:
    here = [thing for thing in seen(kernel).values() if thing.namespace == place.name]
    ours = {(thing.ip, thing.owned) for thing in here if isinstance(thing, Address)}
    theirs = decoded(ifaddrmsg, place, Rtm.RTM_GETADDR, 8)
    there = {(f"{one.get_attr('IFA_ADDRESS')}/{one['prefixlen']}", one.get_attr("IFA_PROTO") == 116) for one in theirs}
    assert ours == there - {("127.0.0.1/8", False), ("::1/128", False)}
    assert len(there - ours) == 2
    routes = [one for one in decoded(rtmsg, place, Rtm.RTM_GETROUTE, 12) if one.get_attr("RTA_TABLE") != 255]
    expected = {(one.get_attr("RTA_GATEWAY"), one["proto"], one.get_attr("RTA_PRIORITY") or 0) for one in routes}
    assert {(thing.via, thing.protocol, thing.metric) for thing in here if isinstance(thing, Route)} == expected
    known = [one for one in decoded(ndmsg, place, Rtm.RTM_GETNEIGH, 12) if one["state"] & 0x80]
    found = {(thing.ip, thing.mac) for thing in here if isinstance(thing, Neighbour)}
    assert found == {(one.get_attr("NDA_DST"), one.get_attr("NDA_LLADDR")) for one in known}


def test_an_interface_is_found_by_name(place: Place) -> None:
    assert links.find(place.socket, "lo") == 1
    with pytest.raises(OSError, match="No such device"):
        links.find(place.socket, "nothing0")
