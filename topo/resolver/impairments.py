"""Impairment, interface -> the qdisc that does it, with all that the file leaves open decided."""

from __future__ import annotations

from topo.lab import Impairment
from topo.objects.qdisc import NETEM, TBF, Qdisc, whole_burst

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
    """None where nothing is impaired. `mtu` is the interface's."""
    if given is None:
        return None
    frame = mtu + HEADER
    if not any((given.delay, given.loss, given.gilbert, given.duplicate, given.corrupt)):
        if not given.rate:
            return None
        burst = given.burst or max(given.rate // _BURST, _LEAST_BURST * frame)
        room = given.room or given.limit * frame or max(given.rate // _ROOM, _LEAST_ROOM * frame) + burst
        return Qdisc(
            namespace=namespace,
            owner=owner,
            interface=interface,
            discipline=TBF,
            rate=given.rate,
            burst=whole_burst(given.rate, burst),
            limit=min(room, _MOST),
        )
    return Qdisc(
        namespace=namespace,
        owner=owner,
        interface=interface,
        discipline=NETEM,
        delay=given.delay,
        jitter=given.jitter,
        distribution=given.distribution,
        loss=given.loss,
        gilbert=given.gilbert,
        duplicate=given.duplicate,
        corrupt=given.corrupt,
        reorder=given.reorder,
        rate=given.rate,
        limit=min(given.limit or _PACKETS + given.rate * (given.delay + given.jitter) // _SECOND // frame, _MOST),
    )
