"""The classes of htb <-> bytes: they part what is sent, and hold nothing back (htb_change_class, htb_dump_class)."""

from __future__ import annotations

from struct import Struct

from topo.kernel.linux import attributes
from topo.kernel.linux.attributes import number

_PARMS, _INIT, _RATE64, _CEIL64 = 1, 2, 6, 7
_GLOBAL = Struct("=IIIII")
"""version, bytes of a rate per quantum, default class, debug, packets sent directly."""
_VERSION = 3
_PER_QUANTUM = 10
_CLASS = Struct("=BBHhHI BBHhHI IIIII")
"""Rate and ceiling, each: cell_log, link layer, overhead, cell_align, mpu, bytes a second; then both bursts in ticks, quantum,
level, priority."""
_LONG = Struct("=Q")
_MOST = 0xFFFFFFFF
_ETHERNET = 1
_RATE = 10**12
"""Bytes a second: no machine sends so many. A class cannot be without a rate."""
_BURST = 1 << 20
"""Ticks of 64 ns."""
_QUANTUM = 1 << 16
"""Bytes that each class sends in its turn: the largest packet."""


def encode() -> bytes:
    """The options of the qdisc. What no filter gives to a class is sent at once: there is no class for it (htb_classify)."""
    return attributes.raw(_INIT, _GLOBAL.pack(_VERSION, _PER_QUANTUM, 0, 0, 0))


def encode_class() -> bytes:
    """The options of a class."""
    rate = (0, _ETHERNET, 0, 0, 0, _MOST)
    parameters = attributes.raw(_PARMS, _CLASS.pack(*rate, *rate, _BURST, _BURST, _QUANTUM, 0, 0))
    rates = (attributes.raw(kind, _LONG.pack(_RATE)) for kind in (_RATE64, _CEIL64))
    return b"".join((parameters, *rates))


def is_open(data: bytes) -> bool:
    """Whether these are the options of a class as `encode_class` says them."""
    more = attributes.read(data)
    *_, burst, ceiling_burst, quantum, _, priority = _CLASS.unpack(more[_PARMS])
    rates = [number(more.get(kind, b"")) for kind in (_RATE64, _CEIL64)]
    return rates == [_RATE, _RATE] and (burst, ceiling_burst, quantum, priority) == (_BURST, _BURST, _QUANTUM, 0)
