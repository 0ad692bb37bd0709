"""Names of namespaces -> what the dumps of each say: of many by two processes, and of a lab from before somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from topo.kernel.linux import dumps, namespaces, together
from topo.kernel.linux.dumps import Dump
from topo.kernel.linux.links import NOBODY
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.protocol import Scope
from topo.objects.names import fabric_of

Read = tuple[str, int, Dump]
"""The name of a namespace, the id that the fabric has for it, and what is read of it."""

_TOGETHER = 50
"""How many namespaces the fabric is asked for in one send."""
_MANY = 150
"""From so many namespaces on a second process reads faster than it takes to make one."""


class Begun:
    """The reading of a whole lab, of which another process does a part already. there: its namespaces, and their numbers."""

    def __init__(self, lab: str, there: Mapping[str, int]) -> None:
        self.lab, self.there = lab, there
        self.other = together.Other(_pieces(there), partial(_read, Places(lab, {}), there, Scope(lab)))

    def ended(self, places: Places) -> list[list[Read]]:
        """This process takes its part, from now on. Once."""
        return self.other.share(partial(_read, places, self.there, Scope(self.lab)), list[Read])


def is_large(lab: str) -> bool:
    """Whether it is so large that two processes read it faster than one, and there can be two."""
    return len(namespaces.names(lab)) >= _MANY and together.can_share()


@contextmanager
def ahead(lab: str) -> Iterator[Begun]:
    """As long as the context lasts: another process begins to read a large lab. Raises OSError."""
    begun = Begun(lab, namespaces.inodes(lab))
    with begun.other:
        yield begun


def read(places: Places, there: Mapping[str, int], scope: Scope) -> Iterable[list[Read]]:
    """What is read of each namespace that is still there. Of a large lab a second process reads a part: most of the time goes
    by in the kernel, which reads for two at once."""
    here = partial(_read, places, there, scope)
    if len(there) < _MANY or not together.can_share():
        return map(here, _pieces(there))
    elsewhere = partial(_read, places.copy(), there, scope)  # two cannot read from one socket
    return together.shared(_pieces(there), here, elsewhere, list[Read])


def opened(places: Places, name: str, inode: int | None = None) -> Place | None:
    """The namespace; None where it was deleted since it was listed."""
    try:
        return places(name, inode)
    except FileNotFoundError:
        return None


def _pieces(there: Mapping[str, int]) -> list[list[str]]:
    names = list(there)
    return [names[at : at + _TOGETHER] for at in range(0, len(names), _TOGETHER)]


def _read(places: Places, there: Mapping[str, int], scope: Scope, names: Sequence[str]) -> list[Read]:
    found: list[Read] = []
    fabric = fabric_of(scope.lab)
    while names:
        room = places.room(len(names))
        some, names = names[:room], names[room:]
        places_of_some = [place for name in some if (place := opened(places, name, there[name]))]
        with namespaces.returning():
            for place in places_of_some:
                place.connect()
        first = opened(places, fabric, there.get(fabric))
        nsids = dumps.nsids(first, places_of_some) if first else [NOBODY] * len(places_of_some)
        for place, nsid in zip(places_of_some, nsids, strict=True):
            found.append((str(place.name), nsid, dumps.read(place, None if place is first else scope.neighbours)))
        if places.many:
            places.close()
    return found
