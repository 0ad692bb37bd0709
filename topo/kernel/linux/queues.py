"""Queue <-> the rtnetlink messages of a qdisc at some place of an interface, with what stands behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from errno import ENOENT
from struct import Struct
from typing import Any

from msgspec import Struct as Value

from topo.errors import KernelError
from topo.kernel.linux import attributes, links, namespaces
from topo.kernel.linux.attributes import Attributes, string
from topo.kernel.linux.messages import PUT, Rtm, message
from topo.kernel.linux.sockets import RouteSocket
from topo.objects.queue import HTB, NETEM, TBF, Queue, options

TCMSG = Struct("=BxxxiIII")
"""family, index, handle, parent, info."""
KIND, OPTIONS = 1, 2
ROOT = 0xFFFFFFFF
_BESIDE = ("rate", "burst", "limit")
"""What every kernel does, where nothing else is asked for."""
_CHILD = "child"
"""Of extras: there is a qdisc behind, and not topo's."""


class Seen(Value, frozen=True):
    """A qdisc of a dump."""

    index: int
    handle: int
    parent: int
    said: Attributes

    @property
    def discipline(self) -> str:
        """Its kind."""
        return string(self.said[KIND])

    @property
    def options(self) -> bytes:
        """What is said of it, in the words of its kind."""
        return self.said.get(OPTIONS, b"")


def body(index: int, handle: int, parent: int, info: int = 0) -> bytes:
    """The fixed part of a message about a qdisc, class or filter."""
    return TCMSG.pack(0, index, handle, parent, info)


def put(before: Queue | None, after: Queue, at: tuple[int, int, int], flags: int) -> Iterator[bytes]:
    """The messages that make it, or change it in place: what waits in it goes on waiting. `at`: index, handle, parent."""
    index, handle, _ = at
    # With the handle of the one that is there, that is the one which changes.
    yield message(Rtm.RTM_NEWQDISC, flags, body(*at) + said(before, after))
    if after.discipline == NETEM and after.burst:
        yield message(Rtm.RTM_NEWQDISC, PUT, body(index, 0, handle | 1) + _named(TBF, _bucket(after)))
    elif before is not None and before.discipline == after.discipline == NETEM and (before.burst or _CHILD in before.extras):
        yield message(Rtm.RTM_DELQDISC, 0, body(index, 0, handle | 1))


def said(before: Queue | None, after: Queue) -> bytes:
    """The attributes that say its kind and all its options."""
    from topo.kernel.linux import htb, netem, tbf  # which few labs have

    if after.discipline == HTB:
        return _named(HTB, htb.encode())
    if after.discipline == NETEM:
        return _named(NETEM, netem.encode(before, after))
    return _named(after.discipline, tbf.encode(after.rate, after.burst, after.limit))


def _bucket(thing: Queue) -> bytes:
    from topo.kernel.linux import tbf

    return tbf.encode(thing.rate, thing.burst, thing.room)


def _named(kind: str, options: bytes) -> bytes:
    return attributes.text(KIND, kind) + attributes.raw(OPTIONS, options)


def dump(socket: RouteSocket) -> list[Seen]:
    """All qdiscs of a namespace that have a handle: one that the kernel made by itself, as it does for hardware, has none."""
    replies = socket.dump(Rtm.RTM_GETQDISC, bytes(TCMSG.size))
    found = ((TCMSG.unpack_from(reply), reply) for reply in replies)
    return [
        Seen(index, handle, parent, attributes.read(reply, TCMSG.size))
        for (_, index, handle, parent, _), reply in found
        if handle
    ]


def fields(one: Seen, all_of_it: Iterable[Seen]) -> dict[str, Any]:
    """The fields of a Queue of which this is the qdisc, of all that there are on its interface."""
    from topo.kernel.linux import netem, tbf

    found: dict[str, Any] = {}
    if one.discipline == NETEM:
        found = netem.decode(one.options)
        for child in (other for other in all_of_it if other.parent == one.handle | 1):
            found |= _behind(found, child)
    elif one.discipline == TBF:
        found = tbf.decode(one.options)
    return {"discipline": one.discipline} | found


def _behind(found: Mapping[str, Any], child: Seen) -> dict[str, Any]:
    """What a qdisc behind netem makes of its fields."""
    from topo.kernel.linux import tbf

    if child.discipline != TBF:
        return {"extras": (*found["extras"], _CHILD)}
    bucket = tbf.decode(child.options)
    more = ("rate",) if found["rate"] else ()
    return {
        "rate": bucket["rate"],
        "burst": bucket["burst"],
        "room": bucket["limit"],
        "extras": (*found["extras"], *more, *bucket["extras"]),
    }


def tried(requests: Sequence[bytes]) -> dict[int, int]:
    """position -> errno of those of these requests, about lo, that are refused in a namespace that nobody sees. That loads the
    modules that they need, where there are any."""
    with namespaces.fresh():
        socket = RouteSocket()
        try:
            return {position: refusal.errno for position, refusal in socket.send(requests).items()}
        finally:
            socket.close()


def lo(handle: int, parent: int, info: int = 0) -> bytes:
    """The fixed part of such a request."""
    return body(links.LOOPBACK, handle, parent, info)


def lacking(thing: Queue) -> KernelError:
    """What to say where the kernel does not know its discipline."""
    if thing.discipline == HTB:
        return without("htb", "`impair` needs", "sch_htb")
    asked = [f"`{name}`" for name, _ in options(thing) if name not in _BESIDE] or ["`rate`"]
    needing = f"{' and '.join(asked)} {'need' if len(asked) > 1 else 'needs'}"
    still = "; `rate` without any of the others needs none" if thing.discipline == NETEM else ""
    return without(thing.discipline, needing, f"sch_{thing.discipline}", still)


def without(what: str, needing: str, module: str, still: str = "") -> KernelError:
    """A part that this kernel does not have."""
    hint = f"install and load the module {module} (`modprobe {module}`){still}"
    return KernelError(f"this kernel has no {what}, which {needing}", errno=ENOENT, hint=hint)
