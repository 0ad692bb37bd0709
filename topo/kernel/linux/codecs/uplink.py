"""The way out of a lab: a veth from its fabric to the host's namespace, and what is the lab's there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from errno import EADDRNOTAVAIL, EEXIST, ENOENT, ESRCH
from ipaddress import ip_interface

from msgspec.structs import replace

from topo.errors import KernelError
from topo.kernel.linux import attributes, host_table, ipv6, link_messages, locks, outer, outside, uplink_end, way_out
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.links import (
    IFLA_ADDRESS,
    IFLA_GROUP,
    IFLA_IFNAME,
    IFLA_MTU,
    IFLA_NET_NS_FD,
    Link,
)
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects.host import IPV6, PREFIX
from topo.objects.uplink import HOST, Uplink
from topo.objects.veth import End

_DONE = frozenset({EADDRNOTAVAIL, EEXIST, ENOENT, ESRCH})


def _perform(operation: Operation, place: Place) -> None:
    before, after = operation.before, operation.after
    with locks.alone():
        if isinstance(after, Uplink):
            if before is None:
                _check_free(after, place)
            old = before if isinstance(before, Uplink) else _made(after, place)
            _change(old, after, place)
        elif isinstance(before, Uplink):
            _delete(before, place)


def _check_free(thing: Uplink, place: Place) -> None:
    """What a saved plan has chosen can be somebody else's by now, and the kernel would not mind (fib_add_ifaddr)."""
    taken = [ip_interface(text).network for text in outside.read(place, _lab(thing)).host(0).taken]
    for address in thing.addresses:
        own = ip_interface(address).network
        if any(own.version == other.version and own.overlaps(other) for other in taken):
            raise KernelError(f"{own} is in use on the host by now", hint="make the plan again: topo plan")


def _made(thing: Uplink, place: Place) -> Uplink:
    """Both ends, down, with their marks: the thing as it is then. Made from the fabric, whose end has an index of topo's choice;
    the host's has one of the kernel's."""
    there = place.other(thing.peer.namespace)
    info = link_messages.cable(link_messages.body(0, *_properties(thing.end), attributes.u32(IFLA_NET_NS_FD, place.fd)))
    try:
        _send(there, [link_messages.create(there.indexes.take(thing.peer.name), *_properties(thing.peer), info)])
    except OSError as error:
        there.indexes.forget()
        if error.errno != EEXIST:
            raise
        # Not EEXIST: that it is there already would be good news.
        raise KernelError(f"{thing.end.name} or {thing.peer.name} is there already", hint="plan again") from error
    place.indexes.discard(thing.end.name)
    born = [replace(end, up=False, settings=None) for end in (thing.end, thing.peer)]
    return replace(thing, end=born[0], peer=born[1], addresses=(), neighbours=(), routes=(), outer=(), opened=(), chains=())


def _properties(end: End) -> tuple[bytes, ...]:
    return (
        attributes.text(IFLA_IFNAME, end.name),
        attributes.mac(IFLA_ADDRESS, end.mac),
        attributes.u32(IFLA_MTU, end.mtu),
        attributes.u32(IFLA_GROUP, end.mark),
    )


def _change(old: Uplink, new: Uplink, place: Place) -> None:
    """The rules stand before anything is up that they are for."""
    from topo.kernel.linux import openings  # few labs have a way out

    if old.chains != new.chains:
        host_table.replace(place, _lab(new), new.chains)
    for was, end in ((old.end, new.end), (old.peer, new.peer)):
        where = place.other(end.namespace) if end.namespace else place
        _send(where, _configured(was, end, where))
    went_up = not old.end.up or not old.peer.up or old.end.mac != new.end.mac
    # What is on it goes when it goes down, or gets another MAC, or its last address goes: all of it is said again then.
    again = went_up or old.addresses != new.addresses
    _send(place, list(uplink_end.messages(old, new, place, again=again)), _DONE)
    if old.opened != new.opened or not old.end.settings:
        openings.write(place, _lab(new), new.opened)
    if old.outer != new.outer or not old.end.settings:
        outer.switch(place, _lab(new), place.index(new.end.name), new.outer)


def _configured(old: End, new: End, place: Place) -> list[bytes]:
    if old == new:
        return []
    list(ipv6.prepare(place, old, new))  # nothing is left unsent here
    return list(link_messages.reconfigure(place.index(old.name), old, new, link_messages.differences(old, new)))


def _delete(thing: Uplink, place: Place) -> None:
    """Down first: what the rules keep apart is apart when they go. The link last: by it the rest is found."""
    from topo.kernel.linux import openings  # few labs have a way out

    outer.restore(place, _lab(thing), outside.read(place, _lab(thing)))
    index = place.index(thing.end.name)
    _send(place, [link_messages.change(index, up=False)])
    openings.write(place, _lab(thing), ())
    host_table.delete(place, _lab(thing))
    place.indexes.discard(thing.end.name)
    place.other(thing.peer.namespace).indexes.discard(thing.peer.name)
    _send(place, [link_messages.delete(index)])


def _send(place: Place, messages: Sequence[bytes], done: Set[int] = frozenset()) -> None:
    """done: what the kernel says of what need not be done, because it is there already, or gone with something else."""
    try:
        refusals = place.socket.send(messages) if messages else {}
    finally:
        place.sent()
    for refusal in refusals.values():
        if refusal.errno not in done:
            raise OSError(refusal.errno, str(refusal))


def _lab(thing: Uplink) -> str:
    return thing.table.removeprefix(PREFIX)


def _observe(view: View, places: Places) -> Iterator[Uplink]:
    link = view.uplink
    if link is None:
        return
    place = places(None)
    seen = outside.read(place, view.lab)
    own = seen.link(link.peer)
    if own is None:  # it went since the fabric was read
        return
    from topo.kernel.linux import openings  # few labs have a way out

    addresses, neighbours, routes = uplink_end.read(seen, own.name)
    needed = {one.name for one in seen.host(own.index).outer} | {IPV6 + own.name}
    if not any(":" in address for address in addresses):
        needed = {name for name in needed if not name.startswith(IPV6)}
    # Without its alias nobody would know what to put back: it is as if none forwarded.
    forward = seen.forward(needed) if own.index in seen.memories else ()
    yield Uplink(
        end=_end(own, HOST),
        peer=_end(link, view.fabric),
        table=PREFIX + view.lab,
        addresses=addresses,
        neighbours=neighbours,
        routes=routes,
        outer=forward,
        opened=openings.read(place, view.lab),
        chains=host_table.read(place, view.lab),
    )


def _end(link: Link, namespace: str) -> End:
    return End(
        namespace,
        link.name,
        link.group,
        link.mac,
        link.mtu,
        link.up,
        settings=link.settings,
        index=link.index,
        peer_nsid=link.nsid,
    )


CODEC = Codec(perform=_perform, observe=_observe, advice=way_out.advice)
