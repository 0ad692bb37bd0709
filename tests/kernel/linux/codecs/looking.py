"""A codec -> the objects that it finds in one namespace alone."""

from __future__ import annotations

from topo.kernel.linux import dumps
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.linux.view import View
from topo.objects import Object
from topo.objects.names import fabric_of


def look(codec: Codec, lab: str, place: Place | None = None) -> list[Object]:
    """`place` None: in no namespace at all, where files are."""
    view = View(lab, fabric_of(lab))
    if place is not None:
        view.add(str(place.name), place.inode, dumps.read(place, None))
    with Places(lab, {}) as places:
        ways = (codec.decode(view) if codec.decode else (), codec.observe(view, places) if codec.observe else ())
        return [thing for found in ways for thing in found]
