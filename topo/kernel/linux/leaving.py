"""A lab's name -> nothing of it is left in the host's namespace: its way out, its rules, and what the host did for it."""

from __future__ import annotations

from collections.abc import Callable

from topo.kernel.linux import host_table, link_messages, locks, outer, outside
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.objects import mark
from topo.objects.host import PREFIX


def remove(lab: str, tell: Callable[[str], None]) -> None:
    """In the order in which nothing opens: down, forwarding, rules, and last the link by which the rest is found. Idempotent."""
    with Places(lab, {}) as places:
        place = places(None)
        group = mark.of_lab(lab)
        if any(link.group == group for link in place.links()) or host_table.exists(place, lab):
            with locks.alone():
                _remove(place, lab, tell)


def _remove(place: Place, lab: str, tell: Callable[[str], None]) -> None:
    from topo.kernel.linux import openings  # few labs have a way out

    seen = outside.read(place, lab)
    ends = seen.ends(lab)
    place.socket.send([link_messages.change(end.index, up=False) for end in ends])
    outer.restore(place, lab, seen)
    openings.write(place, lab, ())
    tell(f"nft delete table inet {PREFIX}{lab}")
    host_table.delete(place, lab)
    for end in ends:
        tell(f"ip link delete {end.name}")
    place.socket.send([link_messages.delete(end.index) for end in ends])
