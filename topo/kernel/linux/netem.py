"""Queue <-> the options of netem: a fixed part, and attributes behind it (netem_change, netem_dump)."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import Any

from topo.kernel.linux import attributes
from topo.kernel.linux.attributes import Attributes, number
from topo.kernel.linux.distributions import table
from topo.objects.queue import DISTRIBUTIONS, Queue

_FIXED = Struct("=IIIIII")
"""delay in ticks, limit, loss, gap, duplicate, jitter in ticks."""
_CORR, _DELAY_DIST, _REORDER, _CORRUPT, _LOSS, _RATE, _ECN, _RATE64 = range(1, 9)
_LATENCY64, _JITTER64, _SLOT = 10, 11, 12
_LOSS_4_STATES, _LOSS_GILBERT = 1, 2

_PAIR = Struct("=II")
_CORRELATIONS = Struct("=III")
_GILBERT = Struct("=IIII")
_RATES = Struct("=IiIi")
_SLOTS = bytes(40)
_TIME = Struct("=q")
_LONG = Struct("=Q")
_MOST = 0xFFFFFFFF
_TICK = 64
"""Nanoseconds (PSCHED_SHIFT)."""


def encode(before: Queue | None, after: Queue) -> bytes:
    """The options. All are said: what is not said stays as it was."""
    fixed = _FIXED.pack(
        min(after.delay // _TICK, _MOST),
        after.limit,
        after.loss,
        1 if after.reorder else 0,  # without a gap nothing is reordered (netem_enqueue)
        after.duplicate,
        min(after.jitter // _TICK, _MOST),
    )
    return fixed + b"".join(_attributes(before, after))


def _attributes(before: Queue | None, after: Queue) -> Iterator[bytes]:
    # The kernel does not say which distribution it was told. So the correlation of delays says it, by less than a billionth,
    # which changes no delay (get_crandom).
    yield attributes.raw(_CORR, _CORRELATIONS.pack(DISTRIBUTIONS.index(after.distribution), 0, 0))
    if after.distribution != (before.distribution if before else DISTRIBUTIONS[0]):
        yield attributes.raw(_DELAY_DIST, table(after.distribution))
    yield attributes.raw(_REORDER, _PAIR.pack(after.reorder, 0))
    yield attributes.raw(_CORRUPT, _PAIR.pack(after.corrupt, 0))
    if after.gilbert:
        yield attributes.nested(_LOSS, attributes.raw(_LOSS_GILBERT, _GILBERT.pack(*_turned(after.gilbert))))
    rate = 0 if after.burst else after.rate  # netem sends nothing at once: the bucket behind it does
    yield attributes.raw(_RATE, _RATES.pack(min(rate, _MOST), 0, 0, 0))
    if rate > _MOST:
        yield attributes.raw(_RATE64, _LONG.pack(rate))
    yield attributes.raw(_LATENCY64, _TIME.pack(after.delay))
    yield attributes.raw(_JITTER64, _TIME.pack(after.jitter))
    if before and before.extras:
        yield attributes.u32(_ECN, 0)
        yield attributes.raw(_SLOT, _SLOTS)


def _turned(model: tuple[int, ...]) -> tuple[int, ...]:
    """The kernel is told of the good state what is lost, of the bad one what is not (tc_netem_gemodel: k1, h)."""
    p, r, h, k = model
    return p, r, h, _MOST - k


def decode(data: bytes) -> dict[str, Any]:
    """The fields of a Queue with these options."""
    delay, limit, loss, gap, duplicate, jitter = _FIXED.unpack_from(data)
    more = attributes.read(data, _FIXED.size)
    correlation, *correlations = _CORRELATIONS.unpack(more[_CORR])
    reorder, reorder_correlation = _PAIR.unpack(more[_REORDER])
    corrupt, corrupt_correlation = _PAIR.unpack(more[_CORRUPT])
    known = correlation < len(DISTRIBUTIONS)
    extras = {
        "correlation": any((not known, *correlations, reorder_correlation, corrupt_correlation)),
        "gap": gap > 1,
        "overhead": any(_RATES.unpack(more[_RATE])[1:]),
        "ecn": _ECN in more,
        "slot": _SLOT in more,
        "states": _LOSS_4_STATES in _model(more),
    }
    return {
        "delay": _time(more, _LATENCY64, delay),
        "jitter": _time(more, _JITTER64, jitter),
        "distribution": DISTRIBUTIONS[correlation] if known else DISTRIBUTIONS[0],
        "loss": loss,
        "gilbert": _gilbert(more),
        "duplicate": duplicate,
        "corrupt": corrupt,
        "reorder": reorder if gap else 0,
        "rate": number(more[_RATE64]) if _RATE64 in more else _RATES.unpack(more[_RATE])[0],
        "limit": limit,
        "extras": tuple(name for name, there in extras.items() if there),
    }


def _time(more: Attributes, kind: int, ticks: int) -> int:
    return attributes.signed(more[kind]) if kind in more else int(ticks) * _TICK


def _model(more: Attributes) -> Attributes:
    return attributes.read(more.get(_LOSS, b""))


def _gilbert(more: Attributes) -> tuple[int, ...]:
    model = _model(more)
    return _turned(_GILBERT.unpack(model[_LOSS_GILBERT])) if _LOSS_GILBERT in model else ()
