"""A link that topo does not make: read, and deleted when it carries topo's mark."""

from __future__ import annotations

from collections.abc import Iterator

from topo.kernel.linux import single
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.links import Link
from topo.kernel.linux.place import Place
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import mark
from topo.objects.interface import Interface
from topo.objects.names import owner_of


def _encode(operation: Operation, place: Place) -> Iterator[bytes]:
    thing = operation.before
    if isinstance(thing, Interface) and operation.after is None:
        yield from single.delete(thing.name, place)


def _decode(view: View) -> Iterator[Interface]:
    """All that no other kind has claimed."""
    for namespace, seen in view.links.items():
        for link in seen:
            if (namespace, link.index) not in view.claimed:
                yield _interface(link, owner_of(namespace))


def _interface(link: Link, owner: str) -> Interface:
    return Interface(
        namespace=link.namespace,
        owner=owner,
        owned=mark.is_ours(link.group),
        name=link.name,
        link_kind=link.kind,
        mark=link.group,
        altnames=link.altnames,
        index=link.index,
        up=link.up,
        mac=link.mac,
        mtu=link.mtu,
    )


CODEC = Codec(encode=_encode, decode=_decode)
