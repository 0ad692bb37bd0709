"""A veth pair, both its ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from struct import Struct

from topo.kernel.linux import attributes, bridge_ports, ipv6, link_messages, single
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.copies import Copies
from topo.kernel.linux.links import (
    IFLA_ADDRESS,
    IFLA_GROUP,
    IFLA_IFNAME,
    IFLA_MASTER,
    IFLA_MTU,
    IFLA_NET_NS_FD,
    IFLA_NUM_RX_QUEUES,
    IFLA_NUM_TX_QUEUES,
    Link,
)
from topo.kernel.linux.place import Place
from topo.kernel.linux.view import Ends, View
from topo.kernel.protocol import Operation
from topo.objects import mark
from topo.objects.names import fabric_of, owner_of
from topo.objects.veth import End, Veth

_PROPERTIES = Struct("=HH6s2xHHIHHI")
"""MAC, MTU and group of an end that is made, three attributes, each behind its length and type."""
_QUEUES = attributes.u32(IFLA_NUM_TX_QUEUES, 1) + attributes.u32(IFLA_NUM_RX_QUEUES, 1)
"""A veth uses one queue in each direction. Unless told so, the kernel makes one per possible CPU, with an entry in /sys for
each, and takes all but one away again (veth_init_queues): half of the time that a pair takes on two CPUs."""
_ETH0 = 2
_OTHERS = _ETH0 + 100


def _encode(operation: Operation, place: Place) -> Iterable[bytes]:
    before, after = operation.before, operation.after
    if isinstance(before, Veth) and isinstance(after, Veth):
        return _change(*_turned(before, after), place)
    if isinstance(after, Veth):
        # Its ends are born with the settings that their namespaces have, not with those that bridges need (see ipv6.py).
        return (*ipv6.usually(place), _create(after, place))
    assert isinstance(before, Veth)
    return single.delete(before.peer.name, place)


def _turned(before: Veth, after: Veth) -> tuple[End, End]:
    """The end that an operation changes, as it was and as it is to be."""
    return (before.end, after.end) if before.end != after.end else (before.peer, after.peer)


def _create(thing: Veth, place: Place) -> bytes:
    """One message: both ends are born in their namespaces, with name, MAC, MTU, mark and index.

    The kernel takes the other end's index only when this end's is given too (veth_newlink).
    """
    away = thing.end.namespace != place.name
    there = place.other(thing.end.namespace) if away else place
    here = _index(thing.peer, place)
    fd = attributes.u32(IFLA_NET_NS_FD, there.fd) if away else b""
    other = link_messages.body(_index(thing.end, there), _born(thing.end), fd)
    return link_messages.create(here, _born(thing.peer), link_messages.cable(other))


def _index(end: End, place: Place) -> int:
    return place.indexes.take(end.name, None if end.namespace == fabric_of(place.lab) else _usual(end.name))


@cache  # most containers have an eth0
def _usual(name: str) -> int:
    """In every container lo is 1, eth0 2, eth1 3, in whatever order they are made; what has another name comes behind."""
    number = re.fullmatch(r"eth(\d\d?)", name)
    return _ETH0 + int(number[1]) if number else _OTHERS


def _born(end: End) -> bytes:
    mac = attributes.mac_bytes(end.mac)
    properties = _PROPERTIES.pack(10, IFLA_ADDRESS, mac, 8, IFLA_MTU, end.mtu, 8, IFLA_GROUP, end.mark)
    return attributes.text(IFLA_IFNAME, end.name) + properties + _QUEUES


def _change(old: End, new: End, place: Place) -> Iterator[bytes]:
    index = place.index(old.name)
    if old.name != new.name:
        place.indexes.rename(old.name, new.name)
    first = link_messages.differences(old, new)
    if old.master != new.master:
        first.append(attributes.u32(IFLA_MASTER, place.index(new.master) if new.master else 0))
    yield from ipv6.prepare(place, old, new)
    if more := bridge_ports.messages(index, old, new):
        yield from bridge_ports.reconfigure(index, old, new, first, more)
        return
    yield from link_messages.reconfigure(index, old, new, first)


def _links(view: View) -> Iterator[Veth]:
    copies = Copies()
    for ends in view.veths:
        for link in ends:
            view.claim(link)
        end = ends[0]
        yield _veth(ends, view, copies.of(end.name, end.namespace, mark.common(end.group)))


def _veth(ends: Ends, view: View, copy: str) -> Veth:
    end, peer = ends
    first = peer if mark.is_second(end.group) else end
    return Veth(namespace=end.namespace, owner=owner_of(first.namespace), end=_end(end, view), peer=_end(peer, view), copy=copy)


def _end(link: Link, view: View) -> End:
    master = link.master
    port = bridge_ports.read(link.port) if master else bridge_ports.NO_PORT
    return End(
        namespace=link.namespace,
        name=link.name,
        mark=link.group,
        mac=link.mac,
        mtu=link.mtu,
        up=link.up,
        master=view.names(link.namespace).get(master) if master else None,
        isolated=port.isolated,
        hairpin=port.hairpin,
        vlans=view.vlans_of(link) if master else "",
        settings=None if link.namespace == view.fabric else link.settings,
        index=link.index,
        peer_nsid=link.nsid,
        port_state=port.state,
    )


CODEC = Codec(encode=_encode, links=_links)
