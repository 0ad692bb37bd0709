"""The interface lo of a namespace."""

from __future__ import annotations

from collections.abc import Iterator

from topo.kernel.linux import ipv6, link_messages, settings
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.links import IFF_LOOPBACK
from topo.kernel.linux.place import Place
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects.loopback import Loopback
from topo.objects.names import owner_of

_MTU = 65536


def _encode(operation: Operation, place: Place) -> Iterator[bytes]:
    after = operation.after
    if isinstance(after, Loopback):
        before = operation.before
        ipv6.switch(place, "lo", before.settings if isinstance(before, Loopback) else None, after.settings)
        yield link_messages.change(place.index("lo"), settings.encode(after.settings, _MTU), up=after.up)


def _links(view: View) -> Iterator[Loopback]:
    for namespace, seen in view.links.items():
        owner = owner_of(namespace)
        for link in seen:
            if link.flags & IFF_LOOPBACK:
                view.claim(link, owner)
                yield Loopback(namespace=namespace, owner=owner, up=link.up, settings=link.baseline)


CODEC = Codec(encode=_encode, links=_links)
