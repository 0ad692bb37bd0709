"""A namespace -> what its dumps say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from socket import AF_INET, AF_INET6
from struct import Struct as Layout

from msgspec import Struct

from topo.kernel.linux import attributes, forwarding, links, neighbours
from topo.kernel.linux.links import Link
from topo.kernel.linux.messages import Rtm, message
from topo.kernel.linux.place import Place
from topo.kernel.protocol import Neighbours

_NETNSA_NSID = 1
_NETNSA_FD = 3
_RTGENMSG = Layout("=Bxxx")
_IFADDRMSG = Layout("=BxxxI")
"""Of it the family and the index of the interface."""


class Dump(Struct, array_like=True, gc=False):
    """The links; of all else the bodies of the replies."""

    links: list[Link]
    addresses: list[bytes]
    routes: list[bytes]
    neighbours: list[bytes]
    forwarding: list[bytes]


def read(place: Place, only: Neighbours | None) -> Dump:
    """Everything of one namespace; `only`: these neighbours of it, not all."""
    socket, name = place.socket, str(place.name)
    addresses = socket.dump(Rtm.RTM_GETADDR, bytes(8))
    routes = socket.dump(Rtm.RTM_GETROUTE, bytes(12))
    questions = [] if only is None else neighbours.questions(place, only.get(name, ()))
    *near, ipv4, ipv6 = socket.ask_all([*questions, *forwarding.QUESTIONS])
    if only is None:
        has_ipv6 = any(_is_ipv6(reply) for reply in addresses)
        near = [*neighbours.dump(socket, (AF_INET, AF_INET6) if has_ipv6 else (AF_INET,))]
    return Dump(links.dump(socket, name), addresses, routes, _answers(near), _answers([ipv4, ipv6]))


def _is_ipv6(address: bytes) -> bool:
    """Whether it is an IPv6 address of another interface than lo."""
    family, index = _IFADDRMSG.unpack_from(address)
    return bool(family == AF_INET6 and index != links.LOOPBACK)


def _answers(replies: Iterable[bytes | OSError]) -> list[bytes]:
    """Without what there is not: an entry that was deleted, IPv6 in a kernel without."""
    return [reply for reply in replies if isinstance(reply, bytes)]


def nsids(fabric: Place, places: Sequence[Place]) -> list[int]:
    """The id that the fabric has for each of these namespaces; below 0 for one to which no veth leads. One send asks for all."""
    requests = [message(Rtm.RTM_GETNSID, 0, _RTGENMSG.pack(0) + attributes.u32(_NETNSA_FD, place.fd)) for place in places]
    return [_nsid(reply) for reply in fabric.socket.ask_all(requests)]


def _nsid(reply: bytes | OSError) -> int:
    if isinstance(reply, OSError):
        return links.NOBODY
    return attributes.signed(attributes.read(reply, _RTGENMSG.size).get(_NETNSA_NSID, b"\xff"))
