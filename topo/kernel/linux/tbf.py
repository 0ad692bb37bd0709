"""A rate <-> the options of tbf, the token bucket: a rate, and what may be sent at once (tbf_change, tbf_dump)."""

from __future__ import annotations

from struct import Struct
from typing import Any

from topo.kernel.linux import attributes
from topo.kernel.linux.attributes import number
from topo.objects.queue import burst_of, burst_ticks

_PARMS, _RATE64, _BURST = 1, 4, 6

_PARAMETERS = Struct("=BBHhHI BBHhHI III")
"""Rate and peak rate, each: cell_log, link layer, overhead, cell_align, mpu, bytes a second; then limit, burst in ticks, MTU."""
_ETHERNET = 1
"""TC_LINKLAYER_ETHERNET: the kernel needs no table of times."""
_LONG = Struct("=Q")
_MOST = 0xFFFFFFFF


def encode(rate: int, burst: int, limit: int) -> bytes:
    """The options: bytes a second, bytes that are sent at once, bytes that may wait."""
    said = (0, _ETHERNET, 0, 0, 0, min(rate, _MOST))
    ticks = min(burst_ticks(rate, burst), _MOST)
    parameters = attributes.raw(_PARMS, _PARAMETERS.pack(*said, 0, 0, 0, 0, 0, 0, limit, ticks, 0))
    whole = attributes.raw(_RATE64, _LONG.pack(rate)) if rate > _MOST else b""
    return parameters + whole + attributes.u32(_BURST, burst)


def decode(data: bytes) -> dict[str, Any]:
    """The fields of a Queue with these options."""
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
