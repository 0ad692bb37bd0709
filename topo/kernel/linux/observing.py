"""Scope -> the objects of a lab: every namespace dumped by one socket of its own, and made into objects by the codecs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from socket import AF_INET, AF_INET6
from struct import Struct

from topo.kernel.linux import attributes, links, namespaces, neighbours, pairs
from topo.kernel.linux.codec import all_codecs
from topo.kernel.linux.links import NOBODY, Link
from topo.kernel.linux.messages import Rtm, message
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.linux.view import View
from topo.kernel.protocol import Scope
from topo.objects import Object
from topo.objects.names import fabric_of

_NETNSA_NSID = 1
_NETNSA_FD = 3
_RTGENMSG = Struct("=Bxxx")
_TOGETHER = 100
"""How many namespaces the fabric is asked for in one send."""
_LOOPBACK = 1

_DYING = 5.0
_LINGERING = 0.3
_PAUSE = 0.01
"""Seconds: how long a namespace that ends may take to let go of the other ends of its veths; how long one that was deleted
may be held by sockets that are closed already (until an RCU grace period has passed); between two looks."""


def observe(scope: Scope, places: Places) -> list[Object]:
    """All that there is, of every kind. Raises OSError where it cannot be read."""
    start = time.monotonic()
    while True:
        view, others = _dumped(scope, places)
        if time.monotonic() - start >= _patience(view, places):
            return [*_decoded(view), *others]
        places.close()  # an open namespace does not end
        time.sleep(_PAUSE)


def _patience(view: View, places: Places) -> float:
    """For how long the ends of veths that are in no namespace of the lab may be on their way out."""
    lost = [link for link in pairs.orphans(view) if link.nsid is not None]
    if any(_is_dying(link, places) for link in lost):
        return _DYING
    return _LINGERING if lost else 0.0


def _dumped(scope: Scope, places: Places) -> tuple[View, list[Object]]:
    """What the dumps said, and the objects that are not in any dump."""
    view = View(scope.lab, fabric_of(scope.lab))
    others: list[Object] = list(_observed(places(None), scope))
    there = namespaces.inodes(scope.lab)  # the fabric's comes first
    for name, inode in there.items():
        if name != view.fabric and scope.namespaces is not None and name not in scope.namespaces:
            continue
        place = _opened(places, name, inode)
        if place is not None:
            _dump(view, place, scope)
            others += _observed(place, scope)
        if places.many:
            places.close()
    view.pairs = pairs.find(view, _nsids(view, places))
    if len(view.links) < len(there):
        # What leads to a namespace that is not read is as it is.
        for link in pairs.orphans(view):
            if link.nsid is not None and not link.orphaned:
                view.claim(link)
    return view, others


def _opened(places: Places, name: str, inode: int | None = None) -> Place | None:
    try:
        return places(name, inode)
    except FileNotFoundError:  # deleted since it was listed
        return None


def _dump(view: View, place: Place, scope: Scope) -> None:
    socket, name = place.socket, str(place.name)
    view.links[name] = place.links()
    view.addresses[name] = addresses = socket.dump(Rtm.RTM_GETADDR, bytes(8))
    view.routes[name] = socket.dump(Rtm.RTM_GETROUTE, bytes(12))
    if scope.neighbours is None or name == view.fabric:
        has_ipv6 = any(reply[0] == AF_INET6 and reply[4] != _LOOPBACK for reply in addresses)
        view.neighbours[name] = neighbours.dump(socket, (AF_INET, AF_INET6) if has_ipv6 else (AF_INET,))
    else:
        view.neighbours[name] = neighbours.find(place, scope.neighbours.get(name, ()))


def _observed(place: Place, scope: Scope) -> Iterator[Object]:
    for observe in _observers():
        yield from observe(place, scope)


@cache
def _observers() -> tuple[Callable[[Place, Scope], Iterable[Object]], ...]:
    return tuple(codec.observe for codec in all_codecs().values() if codec.observe is not None)


def _nsids(view: View, places: Places) -> dict[int, str]:
    """The id that the fabric has for each namespace that was read, but for those to which no veth leads."""
    fabric, found = _opened(places, view.fabric), dict[int, str]()
    names = [name for name in view.links if name != view.fabric] if fabric else []
    for start in range(0, len(names), _TOGETHER):
        asked = [(name, place) for name in names[start : start + _TOGETHER] if (place := _opened(places, name))]
        requests = [_nsid_request(place) for _, place in asked]
        for (name, _), reply in zip(asked, places(view.fabric).socket.ask_all(requests), strict=True):
            if not isinstance(reply, OSError):
                found[attributes.signed(attributes.read(reply, _RTGENMSG.size).get(_NETNSA_NSID, b"\xff"))] = name
        if places.many:
            places.close()
    found.pop(NOBODY, None)
    return found


def _nsid_request(place: Place) -> bytes:
    return message(Rtm.RTM_GETNSID, 0, _RTGENMSG.pack(0) + attributes.u32(_NETNSA_FD, place.fd))


def _is_dying(link: Link, places: Places) -> bool:
    """Whether the kernel is taking apart the namespace in which the other end is, and this end with it."""
    place = _opened(places, link.namespace)
    return link.orphaned or place is None or not links.is_there(place.socket, link.nsid or 0)


def _decoded(view: View) -> Iterator[Object]:
    codecs = all_codecs().values()
    for decode in [*(codec.links for codec in codecs), *(codec.decode for codec in codecs)]:
        if decode is not None:
            yield from decode(view)
