"""An interface of the host's with one VLAN of another."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping, Sequence

from topo.errors import KernelError
from topo.kernel.linux import attributes, footing, held, link_messages, links, locks, settings
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.linux.sockets import RouteSocket
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import Object
from topo.objects.names import split_tag
from topo.objects.settings import BASELINE
from topo.objects.tagged import Tagged

_VLAN_ID = 1


def _perform(operation: Operation, place: Place) -> None:
    after = operation.after
    if not isinstance(after, Tagged):
        assert isinstance(operation.thing, Tagged)
        held.let_go(place.lab, operation.thing.name, place.socket)
        return
    with locks.alone():  # or another lab, the last one so far, takes it away under this one
        _make(after, place)


def _make(after: Tagged, place: Place) -> None:
    held.hold(place.lab, after.name)
    seen = held.find(place.socket, after.name)
    if seen is None:
        _send(place.socket, _message(after, links.find(place.socket, after.parent)))
        seen = held.find(place.socket, after.name)
        assert seen is not None
        # As every interface of topo's: nothing of the kernel's own is said on that VLAN.
        _send(place.socket, link_messages.change(seen.index, settings.encode(BASELINE, seen.mtu)))
    if not seen.up:
        _send(place.socket, link_messages.change(seen.index, up=after.up))


def _message(thing: Tagged, parent: int) -> bytes:
    data = attributes.raw(links.IFLA_INFO_DATA, attributes.u16(_VLAN_ID, thing.tag))
    return link_messages.create(
        0,
        attributes.text(links.IFLA_IFNAME, thing.name),
        attributes.u32(links.IFLA_LINK, parent),
        attributes.u32(links.IFLA_GROUP, held.mark_of(thing.name)),
        attributes.nested(links.IFLA_LINKINFO, attributes.text(links.IFLA_INFO_KIND, "vlan"), data),
    )


def _send(socket: RouteSocket, message: bytes) -> None:
    """Raises OSError when it is refused; that another lab was quicker is no refusal."""
    for refusal in socket.send([message]).values():
        if refusal.errno != errno.EEXIST:
            raise OSError(refusal.errno, str(refusal))


def _observe(view: View, places: Places) -> Iterator[Tagged]:
    names = set(held.held(view.lab))
    for link in places(None).links() if names else ():
        parts = split_tag(link.name)
        if link.name in names and parts:
            yield Tagged(name=link.name, parent=parts[0], tag=parts[1], up=link.up)


def _check(things: Sequence[Object]) -> Mapping[str, KernelError]:
    socket = RouteSocket()
    try:
        seen = {link.name: link for link in links.dump(socket, "")}
        known = footing.knows(socket, "vlan")
    finally:
        socket.close()
    found: dict[str, KernelError | None] = {}
    for thing in (thing for thing in things if isinstance(thing, Tagged)):
        link = seen.get(thing.name)
        if link is None:
            found[thing.address] = footing.missing("vlan") if not known else footing.not_there(thing.parent, seen)
        elif link.group != held.mark_of(thing.name):
            found[thing.address] = footing.not_there(thing.name, seen)
    return {address: error for address, error in found.items() if error}


CODEC = Codec(perform=_perform, observe=_observe, check=_check)
