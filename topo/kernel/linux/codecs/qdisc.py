"""Qdisc <-> the root qdisc of an interface, netem or tbf."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from errno import ENOENT
from struct import Struct
from typing import Any

from topo.errors import KernelError
from topo.kernel.linux import attributes, links, namespaces
from topo.kernel.linux.attributes import string
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.links import Link
from topo.kernel.linux.messages import NEW, Rtm, message
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.linux.sockets import RouteSocket
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import Object
from topo.objects.qdisc import HANDLE, NETEM, TBF, Qdisc, options

_TCMSG = Struct("=BxxxiIII")
"""family, index, handle, parent, info."""
_KIND, _OPTIONS = 1, 2
_ROOT = 0xFFFFFFFF
_BESIDE = ("rate", "burst", "limit")
"""What every kernel does, where nothing else is asked for."""
_NONE = (b"", b"noqueue\0", b"noop\0")
"""What the link dump says of an interface whose packets wait nowhere: of a veth, a bridge, lo."""


def _encode(operation: Operation, place: Place) -> Iterable[bytes]:
    before, after = operation.before, operation.after
    if isinstance(after, Qdisc):
        old = before if isinstance(before, Qdisc) else None
        # With a handle and no flag it is the qdisc that is there which changes: what waits in it goes on waiting.
        return (
            message(Rtm.RTM_NEWQDISC, 0 if old else NEW, _body(place.index(after.interface), after.handle) + _said(old, after)),
        )
    assert isinstance(before, Qdisc)
    # Without a handle: where there is none any more, the kernel says so. A handle would be an invalid one.
    return (message(Rtm.RTM_DELQDISC, 0, _body(place.index(before.interface), 0)),)


def _body(index: int, handle: int) -> bytes:
    return _TCMSG.pack(0, index, handle, _ROOT, 0)


def _said(before: Qdisc | None, after: Qdisc) -> bytes:
    from topo.kernel.linux import netem, tbf  # which few labs have

    said = netem.encode(before, after) if after.discipline == NETEM else tbf.encode(after)
    return attributes.text(_KIND, after.discipline) + attributes.raw(_OPTIONS, said)


def _observe(view: View, places: Places) -> Iterator[Qdisc]:
    """Only where the link dump says that there is one."""
    for namespace, seen in view.links.items():
        having = {link.index: link for link in seen if link.queue not in _NONE}
        if having:
            with suppress(FileNotFoundError):  # deleted since it was listed
                yield from _read(places(namespace).socket, having, view.owners(namespace))


def _read(socket: RouteSocket, having: Mapping[int, Link], owners: Mapping[int, str]) -> Iterator[Qdisc]:
    for reply in socket.dump(Rtm.RTM_GETQDISC, bytes(_TCMSG.size)):
        _, index, handle, parent, _ = _TCMSG.unpack_from(reply)
        # One that the kernel made by itself, as it does for hardware, has no handle.
        if parent == _ROOT and handle and index in having:
            yield _qdisc(attributes.read(reply, _TCMSG.size), handle, having[index], owners[index])


def _qdisc(said: attributes.Attributes, handle: int, link: Link, owner: str) -> Qdisc:
    discipline = string(said[_KIND])
    return Qdisc(
        namespace=link.namespace,
        owner=owner,
        owned=handle == HANDLE,
        interface=link.name,
        discipline=discipline,
        handle=handle,
        **_fields(discipline, said.get(_OPTIONS, b"")),
    )


def _fields(discipline: str, said: bytes) -> dict[str, Any]:
    from topo.kernel.linux import netem, tbf

    if discipline == NETEM:
        return netem.decode(said)
    return tbf.decode(said) if discipline == TBF else {}


def _check(things: Sequence[Object]) -> Mapping[str, KernelError]:
    """Each discipline is tried, on the lo of a namespace that nobody sees. That loads its module, where there is one."""
    wanted = [thing for thing in things if isinstance(thing, Qdisc)]
    refused: dict[str, int] = {}
    with namespaces.fresh():
        socket = RouteSocket()
        try:
            for one in {thing.discipline: thing for thing in wanted}.values():
                request = message(Rtm.RTM_NEWQDISC, NEW, _body(links.LOOPBACK, one.handle) + _said(None, one))
                for refusal in socket.send([request]).values():
                    refused[one.discipline] = refusal.errno
                socket.send([message(Rtm.RTM_DELQDISC, 0, _body(links.LOOPBACK, 0))])
        finally:
            socket.close()
    return {thing.address: _lacking(thing) for thing in wanted if refused.get(thing.discipline) == ENOENT}


def _lacking(thing: Qdisc) -> KernelError:
    asked = [f"`{name}`" for name, _ in options(thing) if name not in _BESIDE] or ["`rate`"]
    needing = f"{' and '.join(asked)} {'need' if len(asked) > 1 else 'needs'}"
    module = f"sch_{thing.discipline}"
    still = "; `rate` without any of the others needs none" if thing.discipline == NETEM else ""
    return KernelError(
        f"this kernel has no {thing.discipline}, which {needing}",
        errno=ENOENT,
        hint=f"install and load the module {module} (`modprobe {module}`){still}",
    )


CODEC = Codec(encode=_encode, observe=_observe, check=_check)
