"""Pair <-> a class of the htb on a port of a bridge, the qdisc in it, and the filter that fills it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from errno import EINVAL, ENOENT
from struct import Struct
from typing import Any

from msgspec.structs import replace

from topo.errors import KernelError
from topo.kernel.linux import attributes, queues
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.links import LOOPBACK, Link
from topo.kernel.linux.messages import NEW, NLM_F_CREATE, PUT, Rtm, message
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.linux.queues import KIND, OPTIONS, ROOT, TCMSG, Seen, body
from topo.kernel.linux.sockets import RouteSocket
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import Object
from topo.objects.pair import NO_FILTER, OTHER_CLASS, OTHER_QUEUE, Pair, has_filter, is_mark, needs_filter
from topo.objects.qdisc import Qdisc
from topo.objects.queue import HANDLE, HTB, NETEM

_U32 = "u32"
_CLASSID, _SELECTOR, _INDEV = 1, 5, 8
_EVERYTHING = Struct("=BBBxHHhhI").pack(1, 0, 0, 0, 0, 0, 0, 0)
"""flags (TC_U32_TERMINAL), shift, number of keys, mask, offset, mask of a hash: what has no key is true of all."""
_ALL = int.from_bytes((3).to_bytes(2, "big"), "little")
"""ETH_P_ALL."""
_TWICE = "duplicate"
_REFUSED = (
    "this kernel takes no `duplicate` beside another delay or loss to the same container",
    "remove `duplicate`, or the other pairs to that container (some releases of Linux 6.1 to 6.18 refuse it)",
)


def _encode(operation: Operation, place: Place) -> Iterable[bytes]:
    before, after = operation.before, operation.after
    old = before if isinstance(before, Pair) else None
    if isinstance(after, Pair):
        return _put(old, after, place.index(after.interface))
    assert old is not None
    return _away(old, place.index(old.interface))


def _put(before: Pair | None, after: Pair, index: int) -> Iterator[bytes]:
    """What others send is never without its queue: the filter, which leads to it, comes last."""
    refilled = needs_filter(before, after)
    if before and refilled and has_filter(before):
        yield _unfiltered(before, index)
    if before is None or OTHER_CLASS in before.extras:
        yield _class(after, index)
    same = before if before and before.leaf == after.leaf and OTHER_QUEUE not in before.extras else None
    yield from queues.put(same, after, (index, after.leaf, HANDLE | after.mark), PUT)
    if refilled:
        yield _filter(after, index)


def _away(thing: Pair, index: int) -> Iterator[bytes]:
    """The filter first: a class that one leads to is in use (htb_delete)."""
    if has_filter(thing):
        yield _unfiltered(thing, index)
    yield message(Rtm.RTM_DELTCLASS, 0, body(index, HANDLE | thing.mark, HANDLE))


def _class(thing: Pair, index: int) -> bytes:
    from topo.kernel.linux import htb  # which few labs have

    said = attributes.text(KIND, HTB) + attributes.raw(OPTIONS, htb.encode_class())
    return message(Rtm.RTM_NEWTCLASS, NLM_F_CREATE, body(index, HANDLE | thing.mark, HANDLE) + said)


def _filter(thing: Pair, index: int) -> bytes:
    """By where it came from, not by its MAC: what is behind the container (a router's neighbours, a MAC of VRRP) counts, too."""
    said = (
        attributes.u32(_CLASSID, HANDLE | thing.mark),
        attributes.raw(_SELECTOR, _EVERYTHING),
        attributes.text(_INDEV, thing.source),
    )
    head = body(index, 0, HANDLE, thing.mark << 16 | _ALL)
    return message(Rtm.RTM_NEWTFILTER, NEW, head + attributes.text(KIND, _U32) + attributes.nested(OPTIONS, *said))


def _unfiltered(thing: Pair, index: int) -> bytes:
    """Without a handle: all of this preference."""
    return message(Rtm.RTM_DELTFILTER, 0, body(index, 0, HANDLE, thing.mark << 16 | _ALL))


def _observe(view: View, places: Places) -> Iterator[Pair]:
    """Only where the link dump says that a port of the fabric has an htb."""
    ports = [link for link in view.links.get(view.fabric, ()) if link.queue == b"htb\0"]
    if ports:
        with suppress(FileNotFoundError):  # deleted since it was listed
            socket = places(view.fabric).socket
            on: defaultdict[int, list[Seen]] = defaultdict(list)
            for one in queues.dump(socket):
                on[one.index].append(one)
            for port in ports:
                if any((one.parent, one.handle) == (ROOT, HANDLE) for one in on[port.index]):
                    yield from _read(socket, port, on[port.index], view.owner_of(port))


def _read(socket: RouteSocket, port: Link, found: Sequence[Seen], owner: str) -> Iterator[Pair]:
    leaves = {one.parent & 0xFFFF: one for one in found if one.parent & 0xFFFF0000 == HANDLE}
    filters: dict[int, list[str]] = _filters(socket, port.index)
    for mark, whole in _classes(socket, port.index):
        sources, leaf = filters.get(mark, []), leaves.get(mark)
        fields: dict[str, Any] = queues.fields(leaf, found) if leaf else {"discipline": ""}
        source = sources[0] if len(sources) == 1 else ""
        pair = Pair(namespace=port.namespace, owner=owner, interface=port.name, source=source, mark=mark, **fields)
        strange = {
            OTHER_CLASS: not whole,
            OTHER_QUEUE: leaf is not None and leaf.handle != pair.leaf,
            NO_FILTER: not sources,
        }
        yield replace(pair, extras=(*pair.extras, *(name for name, there in strange.items() if there)))


def _classes(socket: RouteSocket, index: int) -> Iterator[tuple[int, bool]]:
    """The mark of each, and whether it is as topo makes them."""
    from topo.kernel.linux import htb

    for reply in socket.dump(Rtm.RTM_GETTCLASS, body(index, 0, HANDLE)):
        handle, parent = TCMSG.unpack_from(reply)[2:4]
        if handle & 0xFFFF0000 == HANDLE and is_mark(handle & 0xFFFF):
            said = attributes.read(reply, TCMSG.size)
            yield handle & 0xFFFF, parent == ROOT and htb.is_open(said[OPTIONS])


def _filters(socket: RouteSocket, index: int) -> dict[int, list[str]]:
    """mark -> the sources of the filters of that preference, "" for one that is not as topo makes them."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for reply in socket.dump(Rtm.RTM_GETTFILTER, body(index, 0, HANDLE)):
        info = TCMSG.unpack_from(reply)[4]
        said = attributes.read(reply, TCMSG.size)
        options = attributes.read(said.get(OPTIONS, b""))
        # A preference and a hash table of u32 are told as well.
        if _SELECTOR in options:
            mark, right = info >> 16, _is_right(options, info)
            found[mark].append(attributes.string(options.get(_INDEV, b"")) if right else "")
    return found


def _is_right(options: attributes.Attributes, info: int) -> bool:
    classid = attributes.number(options.get(_CLASSID, b""))
    return info & 0xFFFF == _ALL and classid == HANDLE | info >> 16 and options[_SELECTOR][:3] == _EVERYTHING[:3]


def _check(things: Sequence[Object]) -> Mapping[str, KernelError]:
    """All that they are made of is tried, but htb: where that is missing, it is the port's own qdisc that says so."""
    wanted = [thing for thing in things if isinstance(thing, Pair)]
    crowded = _crowded(wanted)
    trials = list(_trials(wanted, crowded))
    refused = {(trials[at][0], errno) for at, errno in queues.tried([request for _, request in trials]).items()}
    if any(what == HTB for what, _ in refused):
        return {}
    found: dict[str, KernelError] = {}
    for thing in wanted:
        if (thing.discipline, ENOENT) in refused:
            found[thing.address] = queues.lacking(thing)
        elif (_U32, ENOENT) in refused:
            found[thing.address] = queues.without(_U32, "`impair` needs", "cls_u32")
        elif (_TWICE, EINVAL) in refused and thing in crowded:
            found[thing.address] = KernelError(_REFUSED[0], errno=EINVAL, hint=_REFUSED[1])
    return found


def _trials(wanted: Sequence[Pair], crowded: Sequence[Pair]) -> Iterator[tuple[str, bytes]]:
    """(what is tried, how)."""
    root = Qdisc(interface="lo", discipline=HTB)
    yield HTB, message(Rtm.RTM_NEWQDISC, NEW, queues.lo(HANDLE, ROOT) + queues.said(None, root))
    several = [*{thing.discipline: thing for thing in wanted}.values(), *crowded[:1]]
    for mark, thing in enumerate(several, 1):
        one = replace(thing, source="lo", mark=mark)
        yield "", _class(one, LOOPBACK)
        leaf = next(iter(queues.put(None, one, (LOOPBACK, one.leaf, HANDLE | mark), PUT)))
        yield _TWICE if thing in crowded[:1] and mark == len(several) else thing.discipline, leaf
        yield _U32, _filter(one, LOOPBACK)


def _crowded(wanted: Sequence[Pair]) -> list[Pair]:
    """Those with `duplicate` beside another netem of the same interface."""
    netems = [thing for thing in wanted if thing.discipline == NETEM]
    count = Counter(thing.interface for thing in netems)
    return [thing for thing in netems if thing.duplicate and count[thing.interface] > 1]


CODEC = Codec(encode=_encode, observe=_observe, check=_check)
