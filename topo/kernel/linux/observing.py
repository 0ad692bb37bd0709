"""Scope -> the objects of a lab: every namespace dumped by one socket of its own, and made into objects by the codecs."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from topo.kernel.linux import dumps, halves, links, namespaces, pairs
from topo.kernel.linux.codec import all_codecs
from topo.kernel.linux.dumps import Dump
from topo.kernel.linux.links import NOBODY, Link
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.linux.view import View
from topo.kernel.protocol import Neighbours, Scope
from topo.objects import Object
from topo.objects.names import fabric_of

_Told = tuple[Any, ...]

_TOGETHER = 100
"""How many namespaces the fabric is asked for in one send."""

_DYING = 5.0
_LINGERING = 0.3
_PAUSE = 0.01
"""Seconds: how long a namespace that ends may take to let go of the other ends of its veths; how long one that was deleted
may be held by sockets that are closed already (until an RCU grace period has passed); between two looks."""


def observe(scope: Scope, places: Places) -> list[Object]:
    """All that there is, of every kind. Raises OSError where it cannot be read."""
    start = time.monotonic()
    while True:
        view = _seen(scope, places)
        if time.monotonic() - start >= _patience(view, places):
            return [*_decoded(view), *_observed(view, places)]
        places.close()  # an open namespace does not end
        time.sleep(_PAUSE)


def _patience(view: View, places: Places) -> float:
    """For how long the ends of veths that are in no namespace of the lab may be on their way out."""
    lost = [link for link in pairs.orphans(view) if link.nsid is not None]
    if any(_is_dying(link, places) for link in lost):
        return _DYING
    return _LINGERING if lost else 0.0


def _seen(scope: Scope, places: Places) -> View:
    """What the dumps say, in relation."""
    view = View(scope.lab, fabric_of(scope.lab))
    there = namespaces.inodes(scope.lab)
    reader = _Reader(places, there, view.fabric, scope.neighbours)
    nsids: dict[int, str] = {}
    for name, nsid, *dump in reader.all(there.keys() if scope.namespaces is None else there.keys() & scope.namespaces):
        view.add(name, there[name], Dump(*dump))
        places.learn(name, view.links[name])
        nsids[nsid] = name
    nsids.pop(NOBODY, None)
    view.pairs = pairs.find(view, nsids)
    if len(view.links) < len(there):
        # What leads to a namespace that is not read is as it is.
        for link in pairs.orphans(view):
            if link.nsid is not None and not link.orphaned:
                view.claim(link)
    return view


class _Reader:
    """Names of namespaces -> (name, the id that the fabric has for it, its Dump), of those that are still there."""

    def __init__(self, places: Places, there: Mapping[str, int], fabric: str, only: Neighbours | None) -> None:
        self._places, self._there, self._fabric, self._only = places, there, fabric, only

    def all(self, names: Collection[str]) -> list[_Told]:
        """Of all of them, and the fabric first: its every neighbour is read."""
        fabric = [(self._fabric, NOBODY, *dumps.read(place, None)) for place in self._opened([self._fabric])]
        return fabric + halves.read(
            [name for name in self._there if name in names and name != self._fabric], self._here, self._apart
        )

    def _here(self, names: Sequence[str]) -> list[_Told]:
        told: list[_Told] = []
        at = 0
        while at < len(names):
            some = names[at : at + self._places.room(_TOGETHER)]
            at += len(some)
            opened = self._opened(some)
            fabric = self._opened([self._fabric])
            nsids = dumps.nsids(fabric[0], opened) if fabric else [NOBODY] * len(opened)
            told += [(str(place.name), nsid, *dumps.read(place, self._only)) for place, nsid in zip(opened, nsids, strict=True)]
            if self._places.many:
                self._places.close()
        return told

    def _apart(self, names: Sequence[str]) -> list[_Told]:
        """With sockets of its own: an answer to one process must not reach another one."""
        self._places.close()
        return self._here(names)

    def _opened(self, names: Iterable[str]) -> list[Place]:
        return [place for name in names if name in self._there and (place := _opened(self._places, name, self._there[name]))]


def _opened(places: Places, name: str, inode: int | None = None) -> Place | None:
    try:
        return places(name, inode)
    except FileNotFoundError:  # deleted since it was listed
        return None


def _observed(view: View, places: Places) -> Iterator[Object]:
    for codec in all_codecs().values():
        if codec.observe is not None:
            yield from codec.observe(view, places)


def _is_dying(link: Link, places: Places) -> bool:
    """Whether the kernel is taking apart the namespace in which the other end is, and this end with it."""
    place = _opened(places, link.namespace)
    return link.orphaned or place is None or not links.is_there(place.socket, link.nsid or 0)


def _decoded(view: View) -> Iterator[Object]:
    codecs = all_codecs().values()
    for decode in [*(codec.links for codec in codecs), *(codec.decode for codec in codecs)]:
        if decode is not None:
            yield from decode(view)
