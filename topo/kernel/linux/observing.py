"""Scope -> the objects of a lab: every namespace dumped by one socket of its own, and made into objects by the codecs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from struct import Struct

from topo.kernel.linux import attributes, links, namespaces, pairs
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
    nsids: dict[int, str] = {}
    names = namespaces.list(scope.lab)
    for name in sorted(names, key=lambda name: name != view.fabric):
        place = _opened(places, name)
        if place is None:
            continue
        if name == view.fabric or scope.namespaces is None or name in scope.namespaces:
            with place.entered():
                _dump(view, place)
                others += _observed(place, scope)
        if name != view.fabric and view.fabric in view.links:
            nsids[_nsid(places(view.fabric), place)] = name
        if places.many:
            places.close(keep=places(view.fabric) if view.fabric in view.links else None)
    _relate(view, nsids, set(names) - view.links.keys(), places)
    return view, others


def _opened(places: Places, name: str) -> Place | None:
    try:
        return places(name)
    except FileNotFoundError:  # deleted since it was listed
        return None


def _dump(view: View, place: Place) -> None:
    socket, name = place.socket, str(place.name)
    view.links[name] = place.links()
    view.addresses[name] = socket.dump(Rtm.RTM_GETADDR, bytes(8))
    view.routes[name] = socket.dump(Rtm.RTM_GETROUTE, bytes(12))
    view.neighbours[name] = socket.dump(Rtm.RTM_GETNEIGH, bytes(12))


def _observed(place: Place, scope: Scope) -> Iterator[Object]:
    for codec in all_codecs().values():
        if codec.observe is not None:
            yield from codec.observe(place, scope)


def _nsid(fabric: Place, place: Place) -> int:
    """The id that the fabric has for a namespace; below 0 when it has none, for no veth leads there."""
    body = _RTGENMSG.pack(0) + attributes.u32(_NETNSA_FD, place.fd)
    said = attributes.read(fabric.socket.ask(message(Rtm.RTM_GETNSID, 0, body)), _RTGENMSG.size)
    return attributes.signed(said.get(_NETNSA_NSID, b"\xff"))


def _relate(view: View, nsids: dict[int, str], unread: set[str], places: Places) -> None:
    """Finds the pairs. Where only a part is read, an end whose peer is in another part is not an orphan: it is no object."""
    nsids.pop(NOBODY, None)
    view.pairs = pairs.find(view, nsids)
    if unread and any(link.namespace != view.fabric for link in pairs.orphans(view)):
        for name in sorted(unread):
            place = _opened(places, name)
            if place is not None:
                view.beyond[name] = place.links()
        view.pairs = pairs.find(view, nsids)
    for port in view.links.get(view.fabric, ()):
        if port.nsid is not None and nsids.get(port.nsid) in unread:
            view.claim(port)


def _is_dying(link: Link, places: Places) -> bool:
    """Whether the kernel is taking apart the namespace in which the other end is, and this end with it."""
    place = _opened(places, link.namespace)
    return link.orphaned or place is None or not links.is_there(place.socket, link.nsid or 0)


def _decoded(view: View) -> Iterator[Object]:
    codecs = all_codecs().values()
    for decode in [*(codec.links for codec in codecs), *(codec.decode for codec in codecs)]:
        if decode is not None:
            yield from decode(view)
