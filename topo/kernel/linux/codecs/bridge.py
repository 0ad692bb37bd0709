"""A bridge in the fabric."""

from __future__ import annotations

from collections.abc import Iterator

from topo.kernel.linux import attributes, ipv6, link_messages, settings, single
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.copies import Copies
from topo.kernel.linux.links import (
    IFLA_ADDRESS,
    IFLA_GROUP,
    IFLA_IFNAME,
    IFLA_INFO_DATA,
    IFLA_INFO_KIND,
    IFLA_LINKINFO,
    IFLA_MTU,
    Link,
)
from topo.kernel.linux.place import Place
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import mark
from topo.objects.bridge import Bridge
from topo.objects.names import network_of

_AGEING_TIME = 4
_STP_STATE = 5
_MCAST_SNOOPING = 23
_USER_HZ = 100  # clock_t, in which the kernel takes and gives times of bridges, on every architecture of today
_DEFAULT_MTU = 1500


def _encode(operation: Operation, place: Place) -> Iterator[bytes]:
    before, after = operation.before, operation.after
    if isinstance(before, Bridge) and isinstance(after, Bridge):
        options = _options(before), _options(after)
        return single.change(before, after, place, [options[1]] if options[0] != options[1] else [])
    if isinstance(after, Bridge):
        return _create(after, place)
    assert isinstance(before, Bridge)
    return single.delete(before.name, place)


def _create(thing: Bridge, place: Place) -> Iterator[bytes]:
    index = place.indexes.take(thing.name)
    ipv6.bear(place, thing.settings)
    # A bridge that is given no address follows its ports' (br_stp_recalculate_bridge_id): it has its own from the start.
    made = (
        attributes.text(IFLA_IFNAME, thing.name),
        attributes.mac(IFLA_ADDRESS, thing.mac),
        attributes.u32(IFLA_GROUP, thing.mark),
        _options(thing),
    )
    yield link_messages.create(index, *made)
    # An MTU that is set to another value than it has stays; else it is that of the smallest port (BROPT_MTU_SET_BY_USER).
    if thing.mtu == _DEFAULT_MTU:
        yield link_messages.change(index, attributes.u32(IFLA_MTU, _DEFAULT_MTU - 1))
    yield link_messages.change(index, attributes.u32(IFLA_MTU, thing.mtu), settings.encode(thing.settings, thing.mtu))
    if thing.up:
        yield link_messages.change(index, up=True)


def _options(thing: Bridge) -> bytes:
    data = (
        attributes.u32(_AGEING_TIME, thing.ageing_time * _USER_HZ),
        attributes.u32(_STP_STATE, thing.stp),
        attributes.u8(_MCAST_SNOOPING, thing.multicast_snooping),
    )
    return attributes.nested(IFLA_LINKINFO, attributes.text(IFLA_INFO_KIND, "bridge"), attributes.nested(IFLA_INFO_DATA, *data))


def _links(view: View) -> Iterator[Bridge]:
    copies = Copies()
    for link in view.links.get(view.fabric, ()):
        if link.kind == "bridge" and mark.is_ours(link.group) and link.group != mark.of_lab(view.lab):
            owner = f"networks/{network_of(link.name)}"
            view.claim(link, owner)
            yield _bridge(link, owner, copies.of(link.name, link.group))


def _bridge(link: Link, owner: str, copy: str) -> Bridge:
    data = link.data
    return Bridge(
        namespace=link.namespace,
        owner=owner,
        name=link.name,
        mark=link.group,
        mac=link.mac,
        mtu=link.mtu,
        up=link.up,
        stp=attributes.number(data.get(_STP_STATE, b"")) > 0,
        ageing_time=round(attributes.number(data.get(_AGEING_TIME, b"")) / _USER_HZ),
        multicast_snooping=attributes.number(data.get(_MCAST_SNOOPING, b"")) > 0,
        settings=link.settings,
        index=link.index,
        copy=copy,
    )


CODEC = Codec(encode=_encode, links=_links)
