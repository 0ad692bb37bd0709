"""A link that stands in one namespace -> the messages that change and delete it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from topo.kernel.linux import ipv6, link_messages
from topo.kernel.linux.link_messages import Interface
from topo.kernel.linux.place import Place


def change(before: Interface, after: Interface, place: Place, options: Sequence[bytes]) -> Iterator[bytes]:
    """The one becomes the other; `options`: the attributes that say what is particular to its kind and differs."""
    index = place.index(before.name)
    if before.name != after.name:
        place.indexes.rename(before.name, after.name)
    first = [*link_messages.differences(before, after), *options]
    yield from ipv6.prepare(place, before, after)
    yield from link_messages.reconfigure(index, before, after, first)


def delete(name: str, place: Place) -> Iterator[bytes]:
    """It goes."""
    index = place.index(name)
    place.indexes.discard(name)
    yield link_messages.delete(index)
