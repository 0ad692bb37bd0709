"""A permanent entry of the neighbour table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from topo.kernel.linux import attributes, inet
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.messages import PUT, Rtm, message
from topo.kernel.linux.neighbours import NDA_DST, NDMSG
from topo.kernel.linux.place import Place
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import mark
from topo.objects.neighbour import Neighbour

_LLADDR = 2
_PROTOCOL = 12
_PERMANENT = 0x80
_OURS = attributes.u8(_PROTOCOL, mark.PROTOCOL)
_MARK = bytes((mark.PROTOCOL,))
_SAID = (NDA_DST, _LLADDR, _PROTOCOL)


def _encode(operation: Operation, place: Place) -> Iterable[bytes]:
    before, after = operation.before, operation.after
    if isinstance(after, Neighbour):
        # The kernel may have learnt an entry of its own in the meantime: it becomes ours.
        more = attributes.mac(_LLADDR, after.mac) + _OURS
        return (message(Rtm.RTM_NEWNEIGH, PUT, _body(after, place) + more),)
    assert isinstance(before, Neighbour)
    return (message(Rtm.RTM_DELNEIGH, 0, _body(before, place)),)


def _body(thing: Neighbour, place: Place) -> bytes:
    family, ip = inet.packed(thing.ip)
    return NDMSG.pack(family, place.index(thing.interface), _PERMANENT, 0, 0) + attributes.raw(NDA_DST, ip)


def _decode(view: View) -> Iterator[Neighbour]:
    for namespace, replies in view.neighbours.items():
        names, owners = view.names(namespace), view.owners(namespace)
        for reply in replies:
            family, index, state, _, _ = NDMSG.unpack_from(reply)
            if state & _PERMANENT and family in inet.LENGTHS and index in names:
                ip, mac, protocol = attributes.read(reply, NDMSG.size).several(_SAID)
                yield Neighbour(
                    namespace=namespace,
                    owner=owners[index],
                    owned=protocol == _MARK,
                    interface=names[index],
                    ip=inet.text(family, ip),
                    mac=attributes.mac_text(mac),
                )


CODEC = Codec(encode=_encode, decode=_decode)
