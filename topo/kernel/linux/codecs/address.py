"""An IPv4 or IPv6 address of an interface."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from socket import AF_INET, AF_INET6

from topo.kernel.linux import announce, attributes, inet
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.links import LOOPBACK
from topo.kernel.linux.messages import NEW, NLM_F_REPLACE, Rtm, message
from topo.kernel.linux.place import Place
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import mark
from topo.objects.address import Address

_ADDRESS = 1
_LOCAL = 2
_BROADCAST = 4
_FLAGS = 8
_PROTO = 11

_PERMANENT = 0x80
_HOST = 254
_NODAD = attributes.u32(_FLAGS, 0x02)
"""No duplicate address detection: addresses of a lab are known to be unique, and would be of no use for a second."""
_OURS = attributes.u8(_PROTO, mark.PROTOCOL)
_PROTOCOL = bytes((mark.PROTOCOL,))
_OF_LO = tuple(
    inet.IFADDRMSG.pack(family, length, _PERMANENT, _HOST, LOOPBACK) + attributes.raw(_ADDRESS, inet.packed(ip)[1])
    for ip, family, length in (("127.0.0.1", AF_INET, 8), ("::1", AF_INET6, 128))
)
"""How the kernel says the addresses that it gives every lo that comes up. They are its own, like the routes of table `local`."""
_SAID = (_ADDRESS, _LOCAL, _BROADCAST, _PROTO)
_PEER = " peer "
"""`10.0.0.1 peer 10.0.0.2/32`, as ip-address(8) writes it: never topo's, but in the way of nothing."""


def _encode(operation: Operation, place: Place) -> Iterable[bytes]:
    before, after = operation.before, operation.after
    if isinstance(after, Address):
        # With NLM_F_REPLACE the mark and the lifetime change, and nothing else (inet_rtm_newaddr, inet6_addr_modify).
        return (message(Rtm.RTM_NEWADDR, NLM_F_REPLACE if before else NEW, _body(after, place) + _more(after)),)
    assert isinstance(before, Address)
    return (message(Rtm.RTM_DELADDR, 0, _body(before, place)),)


def _body(thing: Address, place: Place) -> bytes:
    ip, _, length = thing.ip.partition("/")
    own, _, peer = ip.partition(_PEER)
    family, local = inet.packed(own)
    far = inet.packed(peer)[1] if peer else local
    head = inet.IFADDRMSG.pack(family, int(length), 0, 0, place.index(thing.interface))
    return head + attributes.raw(_LOCAL, local) + attributes.raw(_ADDRESS, far)


def _more(thing: Address) -> bytes:
    broadcast = attributes.raw(_BROADCAST, inet.packed(thing.broadcast)[1]) if thing.broadcast else b""
    return broadcast + (_NODAD if thing.family == "ipv6" else b"") + _OURS


def _accepted(operation: Operation, place: Place) -> None:
    """arp_notify speaks when an interface comes up or its MAC changes, not when it is given an address."""
    thing = operation.after
    if operation.before is None and isinstance(thing, Address) and thing.interface in place.indexes.up:
        announce.announce(place, thing.interface, thing.bare)


def _decode(view: View) -> Iterator[Address]:
    for namespace, replies in view.addresses.items():
        names, owners = view.names(namespace), view.owners(namespace)
        for reply in replies:
            index = inet.IFADDRMSG.unpack_from(reply)[4]
            if index in names and not reply.startswith(_OF_LO):
                yield _address(reply, namespace, names[index], owners[index])


def _address(reply: bytes, namespace: str, interface: str, owner: str) -> Address:
    family, length, flags, _, _ = inet.IFADDRMSG.unpack_from(reply)
    far, local, broadcast, protocol = attributes.read(reply, inet.IFADDRMSG.size).several(_SAID)
    local = local or far
    peer = _PEER + inet.text(family, far) if local != far else ""
    return Address(
        namespace=namespace,
        owner=owner if owner.startswith("networks/") else f"{owner}/{interface}",
        owned=protocol == _PROTOCOL,
        interface=interface,
        ip=f"{inet.text(family, local)}{peer}/{length}",
        broadcast=inet.text(family, broadcast) if broadcast else None,
        permanent=bool(flags & _PERMANENT),
    )


CODEC = Codec(encode=_encode, accepted=_accepted, decode=_decode)
