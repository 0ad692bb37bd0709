"""Scope -> the objects of a lab: what is read of its namespaces, made into objects by the codecs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import chain

from topo.kernel.linux import dumps, links, namespaces, outside, pins, reading, veths
from topo.kernel.linux.codec import all_codecs
from topo.kernel.linux.links import NOBODY, Link
from topo.kernel.linux.parents import Parents
from topo.kernel.linux.places import Places
from topo.kernel.linux.port_vlans import PortVlans
from topo.kernel.linux.reading import Begun
from topo.kernel.linux.view import View
from topo.kernel.protocol import Scope
from topo.objects import Object, mark
from topo.objects.host import UNKNOWN, Host
from topo.objects.names import fabric_of

_DYING = 5.0
_LINGERING = 0.3
_PAUSE = 0.01
"""Seconds: how long a namespace that ends may take to let go of the other ends of its veths; how long one that was deleted
may be held by sockets that are closed already (until an RCU grace period has passed); between two looks."""


def observe(scope: Scope, places: Places, begun: Begun | None = None) -> tuple[list[Object], Host]:
    """All that there is, of every kind; and what the host has, where that is asked for. begun: the reading of it is under way.
    Raises OSError."""
    start = time.monotonic()
    while True:
        view, begun = _seen(scope, places, begun), None
        if time.monotonic() - start >= _patience(view, places):
            return [*_decoded(view), *_observed(view, places)], _host(scope, view, places)
        places.close()  # an open namespace does not end
        time.sleep(_PAUSE)


def _host(scope: Scope, view: View, places: Places) -> Host:
    if not scope.host:
        return UNKNOWN
    from topo.kernel.linux import openings  # few labs have a way out

    place = places(None)
    return outside.read(place, scope.lab).host(view.uplink.peer if view.uplink else 0, openings.doors(place))


def _patience(view: View, places: Places) -> float:
    """For how long the ends of veths that are in no namespace of the lab may be on their way out."""
    lost = [link for link in veths.orphans(view) if link.nsid is not None]
    if any(_is_dying(link, places) for link in lost):
        return _DYING
    return _LINGERING if lost else 0.0


def _seen(scope: Scope, places: Places, begun: Begun | None) -> View:
    """What the dumps say, in relation."""
    view = View(scope.lab, fabric_of(scope.lab), parent_of=Parents(places).name)
    view.vlans_of = PortVlans(places, view).of
    wanted = None if scope.namespaces is None else scope.namespaces | {view.fabric}
    there = begun.there if begun else namespaces.inodes(scope.lab, wanted)
    nsids: dict[int, str] = {}
    for name, nsid, dump in chain.from_iterable(begun.ended(places) if begun else reading.read(places, there, scope)):
        view.add(name, there[name], dump)
        places.learn(name, dump.links)
        nsids[nsid] = name
    nsids.pop(NOBODY, None)
    view.veths = veths.find(view, nsids)
    lost = veths.orphans(view)
    _find_uplink(view, lost, places)
    if wanted is not None and _more_than(wanted, scope.lab):
        # What leads to a namespace that is not read is as it is.
        for link in lost:
            if link.nsid is not None and not link.orphaned and (link.namespace, link.index) not in view.claimed:
                view.claim(link)
    return view


def _find_uplink(view: View, lost: Iterable[Link], places: Places) -> None:
    """Ways out are veths of the fabric whose other end is in the host's namespace: of those in no namespace of the lab."""
    ends = [link for link in lost if link.namespace == view.fabric and link.nsid is not None]
    host = dumps.nsids(places(view.fabric), [places(None)])[0] if ends else NOBODY
    there = [link for link in ends if link.nsid == host != NOBODY]
    view.uplink = next((link for link in there if link.group == mark.of_lab(view.lab)), None)
    view.patches = [link for link in there if mark.is_second(link.group)]
    for link in [view.uplink, *view.patches] if view.uplink else view.patches:
        view.claim(link, "lab")


def _more_than(wanted: frozenset[str], lab: str) -> bool:
    """Whether the lab has a namespace that is not wanted."""
    return any(name not in wanted and pins.inode(name) is not None for name in namespaces.names(lab))


def _observed(view: View, places: Places) -> Iterator[Object]:
    for codec in all_codecs().values():
        if codec.observe is not None:
            yield from codec.observe(view, places)


def _is_dying(link: Link, places: Places) -> bool:
    """Whether the kernel is taking apart the namespace in which the other end is, and this end with it."""
    place = reading.opened(places, link.namespace)
    return link.orphaned or place is None or not links.is_there(place.socket, link.nsid or 0)


def _decoded(view: View) -> Iterator[Object]:
    codecs = all_codecs().values()
    for decode in [*(codec.links for codec in codecs), *(codec.decode for codec in codecs)]:
        if decode is not None:
            yield from decode(view)
