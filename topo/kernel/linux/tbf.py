"""Qdisc <-> the options of tbf, the token bucket: a rate, and what may be sent at once (tbf_change, tbf_dump)."""

from __future__ import annotations

from struct import Struct
from typing import Any

from topo.kernel.linux import attributes
from topo.kernel.linux.attributes import number
from topo.objects.qdisc import Qdisc, burst_of, burst_ticks

_PARMS, _RATE64, _BURST = 1, 4, 6

_PARAMETERS = Struct("=BBHhHI BBHhHI III")
"""Rate and peak rate, each: cell_log, link layer, overhead, cell_align, mpu, bytes a second; then limit, burst in ticks, MTU."""
_ETHERNET = 1
"""TC_LINKLAYER_ETHERNET: the kernel needs no table of times."""
_LONG = Struct("=Q")
_MOST = 0xFFFFFFFF


def encode(thing: Qdisc) -> bytes:
    """The options."""
    rate = (0, _ETHERNET, 0, 0, 0, min(thing.rate, _MOST))
    ticks = min(burst_ticks(thing.rate, thing.burst), _MOST)
    parameters = attributes.raw(_PARMS, _PARAMETERS.pack(*rate, 0, 0, 0, 0, 0, 0, thing.limit, ticks, 0))
    whole = attributes.raw(_RATE64, _LONG.pack(thing.rate)) if thing.rate > _MOST else b""
    return parameters + whole + attributes.u32(_BURST, thing.burst)


def decode(data: bytes) -> dict[str, Any]:
    """The fields of a Qdisc with these options."""
    more = attributes.read(data)
    _, _, overhead, _, mpu, rate, *peak, limit, ticks, _ = _PARAMETERS.unpack(more[_PARMS])
    rate = number(more[_RATE64]) if _RATE64 in more else rate
    extras = {"overhead": overhead or mpu, "peakrate": peak[-1]}
    return {
        "rate": rate,
        "burst": burst_of(rate, ticks) if rate else 0,
        "limit": limit,
        "extras": tuple(name for name, there in extras.items() if there),
    }
