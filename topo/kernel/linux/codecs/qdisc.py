"""Qdisc <-> the root qdisc of an interface: netem or tbf, or htb, which parts what is sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from errno import ENOENT

from topo.errors import KernelError
from topo.kernel.linux import queues
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.links import Link
from topo.kernel.linux.messages import NEW, Rtm, message
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.linux.queues import ROOT, Seen
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import Object
from topo.objects.qdisc import Qdisc
from topo.objects.queue import HANDLE

_NONE = (b"", b"noqueue\0", b"noop\0")
"""What the link dump says of an interface whose packets wait nowhere: of a veth, a bridge, lo."""


def _encode(operation: Operation, place: Place) -> Iterable[bytes]:
    before, after = operation.before, operation.after
    if isinstance(after, Qdisc):
        old = before if isinstance(before, Qdisc) else None
        return queues.put(old, after, (place.index(after.interface), after.handle, ROOT), 0 if old else NEW)
    assert isinstance(before, Qdisc)
    # Without a handle: where there is none any more, the kernel says so. A handle would be an invalid one.
    return (message(Rtm.RTM_DELQDISC, 0, queues.body(place.index(before.interface), 0, ROOT)),)


def _observe(view: View, places: Places) -> Iterator[Qdisc]:
    """Only where the link dump says that there is one."""
    for namespace, seen in view.links.items():
        having = {link.index: link for link in seen if link.queue not in _NONE}
        if having:
            with suppress(FileNotFoundError):  # deleted since it was listed
                yield from _read(queues.dump(places(namespace).socket), having, view)


def _read(found: Sequence[Seen], having: Mapping[int, Link], view: View) -> Iterator[Qdisc]:
    on: defaultdict[int, list[Seen]] = defaultdict(list)
    for one in found:
        on[one.index].append(one)
    for one in found:
        if one.parent == ROOT and one.index in having:
            link = having[one.index]
            yield Qdisc(
                namespace=link.namespace,
                owner=view.owner_of(link),
                owned=one.handle == HANDLE,
                interface=link.name,
                handle=one.handle,
                **queues.fields(one, on[one.index]),
            )


def _check(things: Sequence[Object]) -> Mapping[str, KernelError]:
    """Each discipline is tried."""
    wanted = [thing for thing in things if isinstance(thing, Qdisc)]
    requests: list[bytes] = []
    whose: list[str] = []
    for one in {thing.discipline: thing for thing in wanted}.values():
        requests.append(message(Rtm.RTM_NEWQDISC, NEW, queues.lo(one.handle, ROOT) + queues.said(None, one)))
        requests.append(message(Rtm.RTM_DELQDISC, 0, queues.lo(0, ROOT)))
        whose += [one.discipline, ""]
    refused = queues.tried(requests)
    missing = {whose[position] for position, errno in refused.items() if errno == ENOENT}
    return {thing.address: queues.lacking(thing) for thing in wanted if thing.discipline in missing}


CODEC = Codec(encode=_encode, observe=_observe, check=_check)
