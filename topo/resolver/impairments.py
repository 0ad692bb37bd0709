"""Impairment, MTU -> the fields of the queue that does it, with all that the file leaves open decided."""

from __future__ import annotations

from typing import Any

from topo.lab import Impairment
from topo.objects.qdisc import Qdisc
from topo.objects.queue import NETEM, TBF, whole_burst

HEADER = 14
"""Bytes of Ethernet before a packet, which a queue counts."""

_MOST = 2**31 - 1
"""A limit has 32 bits, and room is left for what is added to it."""
_PACKETS = 1000
"""The limit of tc(8)."""
_SECOND = 10**9
_BURST, _ROOM = 500, 10
"""Parts of a second: what a token bucket sends at once, and what waits before it, unless the file says otherwise."""
_LEAST_BURST, _LEAST_ROOM = 2, 20
"""The same of a slow link, in packets."""


def qdisc_of(namespace: str, owner: str, interface: str, mtu: int, given: Impairment | None) -> Qdisc | None:
    """The root qdisc of an interface; None where nothing is impaired. `mtu` is the interface's."""
    fields = queue_of(given, mtu)
    return Qdisc(namespace=namespace, owner=owner, interface=interface, **fields) if fields else None


def queue_of(given: Impairment | None, mtu: int) -> dict[str, Any]:
    """The fields of a Queue; {} where nothing is impaired."""
    if given is None:
        return {}
    frame = mtu + HEADER
    if not any((given.delay, given.loss, given.gilbert, given.duplicate, given.corrupt)):
        bucket = _bucket(given, frame, given.limit * frame) if given.rate else {}
        return {"discipline": TBF, "limit": bucket.pop("room"), **bucket} if bucket else {}
    return {
        "discipline": NETEM,
        "delay": given.delay,
        "jitter": given.jitter,
        "distribution": given.distribution,
        "loss": given.loss,
        "gilbert": given.gilbert,
        "duplicate": given.duplicate,
        "corrupt": given.corrupt,
        "reorder": given.reorder,
        "limit": min(given.limit or _PACKETS + given.rate * (given.delay + given.jitter) // _SECOND // frame, _MOST),
        **(_bucket(given, frame) if given.rate and given.burst else {"rate": given.rate}),
    }


def _bucket(given: Impairment, frame: int, asked: int = 0) -> dict[str, int]:
    """Rate, burst, and what may wait; `asked`: what the file says of that."""
    burst = given.burst or max(given.rate // _BURST, _LEAST_BURST * frame)
    room = given.room or asked or max(given.rate // _ROOM, _LEAST_ROOM * frame) + burst
    return {"rate": given.rate, "burst": whole_burst(given.rate, burst), "room": min(room, _MOST)}
