"""A route of a routing table other than `local`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from struct import Struct

from msgspec.structs import replace

from topo.kernel.linux import attributes, inet
from topo.kernel.linux.attributes import number
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.copies import Copies
from topo.kernel.linux.messages import APPEND, NEW, PUT, Rtm, message
from topo.kernel.linux.place import Place
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import mark
from topo.objects.names import owner_of
from topo.objects.route import Route

_DST = 1
_OIF = 4
_GATEWAY = 5
_PRIORITY = 6
_PREFSRC = 7
_MULTIPATH = 9
_TABLE = 15
_VIA = 18

_SAID = (_DST, _PRIORITY, _TABLE, _PREFSRC, _MULTIPATH, _OIF, _GATEWAY, _VIA)

_NEXTHOP = Struct("=HBBi")
"""length, flags, weight, index of the interface: attributes follow, up to the length."""

_TYPES = (
    *("unspec", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit"),
    *("throw", "nat", "xresolve"),
)
_COMPAT = 252
_LOCAL = 255
_UNIVERSE = 0
_LINK = 253
_NOWHERE = 255
_TOGETHER = ", "
"""Between the nexthops of a multipath route: topo makes none, and must not take one for a route of its own."""


def _encode(operation: Operation, place: Place) -> Iterator[bytes]:
    before, after = operation.before, operation.after
    if not isinstance(after, Route):
        assert isinstance(before, Route)
        yield _delete(before, place)
    elif not isinstance(before, Route):
        # EXCL never adds to what the key holds: an IPv6 route of the same key, whoever's, would become one multipath route
        # with ours (fib6_add_rt2node).
        yield _put(after, place, NEW)
    elif ":" in after.to:
        yield _put(after, place, PUT)
    else:
        # Not REPLACE: of several IPv4 routes of the key it takes the first, whoever's that is, and refuses (EEXIST) when the
        # new one is among the others (fib_table_insert). With both there for a moment there is no gap, either.
        yield _put(after, place, APPEND)
        yield _delete(before, place)


def _put(thing: Route, place: Place, flags: int) -> bytes:
    scope = _LINK if thing.type == "unicast" and not thing.via else _UNIVERSE
    return message(Rtm.RTM_NEWROUTE, flags, _body(thing, place, scope, mark.PROTOCOL))


def _delete(thing: Route, place: Place) -> bytes:
    """By key alone the kernel might take the route of somebody else: gateway, interface and protocol are said too."""
    return message(Rtm.RTM_DELROUTE, 0, _body(thing, place, _NOWHERE, thing.protocol))


def _body(thing: Route, place: Place, scope: int, protocol: int) -> bytes:
    bare, _, length = thing.to.partition("/")
    family, destination = inet.packed(bare)
    table = thing.table if thing.table < 256 else _COMPAT
    kind = _TYPES.index(thing.type)
    head = inet.RTMSG.pack(family, int(length), 0, thing.tos, table, protocol, scope, kind, 0)
    target = attributes.raw(_DST, destination) if int(length) else b""
    return head + target + b"".join(_more(thing, place))


def _more(thing: Route, place: Place) -> Iterator[bytes]:
    if thing.via:
        # Of several the first: the kernel compares no more of a route that it is to delete (fib_nh_match).
        yield attributes.raw(_GATEWAY, inet.packed(thing.via.partition(_TOGETHER)[0])[1])
    if thing.interface:
        yield attributes.u32(_OIF, place.index(thing.interface))
    if thing.metric:
        yield attributes.u32(_PRIORITY, thing.metric)
    if thing.source:
        yield attributes.raw(_PREFSRC, inet.packed(thing.source)[1])
    if thing.table >= 256:
        yield attributes.u32(_TABLE, thing.table)


def _decode(view: View) -> Iterator[Route]:
    copies = Copies()
    for namespace, replies in view.routes.items():
        names, owner = view.names(namespace), owner_of(namespace)
        for reply in replies:
            if reply[0] in inet.LENGTHS and reply[4] != _LOCAL:
                thing = _route(reply, namespace, names, owner)
                again = thing.owned and not copies.is_first(thing.key)
                yield replace(thing, copy=_way(thing)) if again else thing


def _way(thing: Route) -> str:
    """What tells it from others of its key: `via 10.0.0.3 dev eth0`."""
    kind = thing.type if thing.type != "unicast" else ""
    words = {"via": thing.via, "dev": thing.interface, "src": thing.source}
    return " ".join([*([kind] if kind else ()), *(f"{word} {value}" for word, value in words.items() if value)])


def _route(reply: bytes, namespace: str, names: dict[int, str], owner: str) -> Route:
    family, length, _, tos, table, protocol, _, kind, _ = inet.RTMSG.unpack_from(reply)
    said = attributes.read(reply, inet.RTMSG.size)
    to, metric, longer, source, *way = said.several(_SAID)
    name = _TYPES[kind] if kind < len(_TYPES) else str(kind)
    via, index = _ways(family, *way)
    return Route(
        namespace=namespace,
        owner=owner,
        owned=protocol == mark.PROTOCOL,
        to=_destination(family, to, length),
        via=via,
        # The kernel hangs an IPv6 blackhole on lo.
        interface=names.get(index) if name == "unicast" else None,
        type=name,
        metric=number(metric),
        table=number(longer) if longer else table,
        tos=tos,
        source=inet.text(family, source) if source else None,
        protocol=protocol,
    )


@cache
def _destination(family: int, value: bytes, length: int) -> str:
    return f"{inet.text(family, value or bytes(inet.LENGTHS[family] // 8))}/{length}"


def _ways(family: int, several: bytes, interface: bytes, gateway: bytes, other: bytes) -> tuple[str | None, int]:
    """(by which gateways it goes, the index of the interface of the first)."""
    if not several:
        return _gateway(family, gateway, other), number(interface)
    ways, at, first = [], 0, 0
    while at + _NEXTHOP.size <= len(several):
        length, _, _, index = _NEXTHOP.unpack_from(several, at)
        if length < _NEXTHOP.size:
            break
        said = attributes.read(several[at + _NEXTHOP.size : at + length])
        ways.append(_gateway(family, *said.several((_GATEWAY, _VIA))) or "")
        first = first or index
        at += (length + 3) & ~3
    return _TOGETHER.join(ways), first


def _gateway(family: int, gateway: bytes, other: bytes) -> str | None:
    """`other` is a struct rtvia: a gateway of another family than the route's."""
    if gateway:
        return inet.text(family, gateway)
    return inet.text(number(other[:2]), other[2:]) if other else None


CODEC = Codec(encode=_encode, decode=_decode)
