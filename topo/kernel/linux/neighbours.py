"""A namespace -> the entries of its neighbour tables, all of them or only some."""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct

from topo.kernel.linux import attributes, inet
from topo.kernel.linux.messages import Rtm, message
from topo.kernel.linux.place import Place
from topo.kernel.linux.sockets import RouteSocket

NDMSG = Struct("=BxxxiHBB")
"""family, index of the interface, state, flags, type."""

NDA_DST = 1


def dump(socket: RouteSocket, families: Iterable[int]) -> list[bytes]:
    """The replies to a dump. All namespaces of a machine share a table for each family, and the kernel looks through all of it
    (neigh_dump_table): so the dumps of a thousand namespaces take longer than their number says."""
    return [reply for family in families for reply in socket.dump(Rtm.RTM_GETNEIGH, NDMSG.pack(family, 0, 0, 0, 0))]


def questions(place: Place, which: Iterable[tuple[str, str]]) -> list[bytes]:
    """The requests for only some entries, (interface, address): the kernel finds each at once."""
    return [_request(place, interface, ip) for interface, ip in which if interface in place.indexes]


def _request(place: Place, interface: str, ip: str) -> bytes:
    family, address = inet.packed(ip)
    body = NDMSG.pack(family, place.index(interface), 0, 0, 0) + attributes.raw(NDA_DST, address)
    return message(Rtm.RTM_GETNEIGH, 0, body)
