"""A bridge in the fabric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from errno import EOPNOTSUPP

from topo.errors import KernelError
from topo.kernel.linux import attributes, ipv6, link_messages, links, namespaces, settings, single
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
from topo.kernel.linux.port_vlans import IFLA_BR_VLAN_FILTERING
from topo.kernel.linux.sockets import RouteSocket
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import Object, mark
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
        filtering = before.vlan_filtering or after.vlan_filtering
        options = _options(before, filtering=filtering), _options(after, filtering=filtering)
        return single.change(before, after, place, [options[1]] if options[0] != options[1] else [])
    if isinstance(after, Bridge):
        return _create(after, place)
    assert isinstance(before, Bridge)
    return single.delete(before.name, place)


def _create(thing: Bridge, place: Place) -> Iterator[bytes]:
    index = place.indexes.take(thing.name)
    yield from ipv6.bear(place, thing.settings)
    # A bridge that is given no address follows its ports' (br_stp_recalculate_bridge_id): it has its own from the start.
    made = (
        attributes.text(IFLA_IFNAME, thing.name),
        attributes.mac(IFLA_ADDRESS, thing.mac),
        attributes.u32(IFLA_GROUP, thing.mark),
        _options(thing, filtering=thing.vlan_filtering),
    )
    yield link_messages.create(index, *made)
    # An MTU that is set to another value than it has stays; else it is that of the smallest port (BROPT_MTU_SET_BY_USER).
    if thing.mtu == _DEFAULT_MTU:
        yield link_messages.change(index, attributes.u32(IFLA_MTU, _DEFAULT_MTU - 1))
    yield link_messages.change(index, attributes.u32(IFLA_MTU, thing.mtu), settings.encode(thing.settings, thing.mtu))
    if thing.up:
        yield link_messages.change(index, up=True)


def _options(thing: Bridge, *, filtering: bool) -> bytes:
    """`filtering`: whether the kernel is told of VLANs at all, which not every one knows."""
    data = (
        attributes.u32(_AGEING_TIME, thing.ageing_time * _USER_HZ),
        attributes.u32(_STP_STATE, thing.stp),
        attributes.u8(_MCAST_SNOOPING, thing.multicast_snooping),
        *([attributes.u8(IFLA_BR_VLAN_FILTERING, thing.vlan_filtering)] if filtering else ()),
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
        vlan_filtering=any(data.get(IFLA_BR_VLAN_FILTERING, b"")),
        settings=link.baseline,
        index=link.index,
        copy=copy,
    )


def _check(things: Sequence[Object]) -> Mapping[str, KernelError]:
    """A kernel without VLANs on bridges says yes to all that it is told of them, and shows nothing."""
    filtering = [thing.address for thing in things if isinstance(thing, Bridge) and thing.vlan_filtering]
    if not filtering or _filters_vlans():
        return {}
    hint = "boot a kernel with CONFIG_BRIDGE_VLAN_FILTERING, or leave out `vlan_filtering`"
    return dict.fromkeys(filtering, KernelError("bridges of this kernel know no VLANs", errno=EOPNOTSUPP, hint=hint))


def _filters_vlans() -> bool:
    """Tried in a namespace that nobody sees."""
    with namespaces.fresh():
        socket = RouteSocket()
        try:
            tried = Bridge(namespace=None, name="", mark=0, mac="", vlan_filtering=True)
            socket.send([link_messages.create(0, _options(tried, filtering=True))])
            bridges = (link for link in links.dump(socket, "") if link.kind == "bridge")
            return any(any(link.data.get(IFLA_BR_VLAN_FILTERING, b"")) for link in bridges)
        finally:
            socket.close()


CODEC = Codec(encode=_encode, links=_links, check=_check)
