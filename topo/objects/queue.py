"""Queue: what becomes of packets in one place: delay, loss, rate; and what the kernel makes of a burst."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from topo.objects.kind import Object
from topo.objects.units import rate_words, share_words, size_words, time_words

HANDLE = 0x74700000
"""`7470:`, the handle of topo's: a qdisc has no other place for a mark. tc(8) by itself counts from 8001: on."""

NETEM = "netem"
TBF = "tbf"
HTB = "htb"

DISTRIBUTIONS = ("uniform", "normal", "pareto", "paretonormal")
"""How delays lie about their mean. The kernel does not say which it is: see `kernel/linux/netem.py`."""


class Queue(Object, frozen=True, kw_only=True):
    """`discipline`: `netem`, which does all of this; `tbf`, which every kernel has, for a rate alone; `htb`, which only parts
    what is sent, and has none of the fields; any other is not topo's.

    delay, jitter: nanoseconds. loss, duplicate, corrupt, reorder: shares of units.WHOLE. gilbert: p, r, h and k of the model
    of Gilbert and Elliott (loss that comes in bursts), shares as well; () without it. rate: bytes a second, 0 for none.
    burst: bytes that are sent at once (see `whole_burst`): of `tbf`, or of a token bucket behind `netem`, in which `room` bytes
    may wait. limit: packets that may wait, of `tbf` bytes. 0 is none of all these.
    extras: what it has besides, that no file can ask for.
    """

    discipline: str
    delay: int = 0
    jitter: int = 0
    distribution: str = DISTRIBUTIONS[0]
    loss: int = 0
    gilbert: tuple[int, ...] = ()
    duplicate: int = 0
    corrupt: int = 0
    reorder: int = 0
    rate: int = 0
    burst: int = 0
    limit: int = 0
    room: int = 0
    extras: tuple[str, ...] = ()


def whole_burst(rate: int, burst: int) -> int:
    """Of all bursts, in bytes, that the kernel cannot tell from this one at this rate (bytes a second), the roundest.

    tbf keeps a burst as the time that it takes, and says that in ticks of 64 ns.
    """
    ticks = burst_ticks(rate, burst)
    scale, shift = _scale(rate)
    least, most = (max(1, -((-(tick * 64) << shift) // scale)) for tick in (ticks, ticks + 1))
    step = 1
    while -(-least // (step * 2)) * step * 2 < most:
        step *= 2
    return -(-least // step) * step


def burst_ticks(rate: int, burst: int) -> int:
    """What the kernel says of a burst: psched_l2t_ns, PSCHED_NS2TICKS."""
    scale, shift = _scale(rate)
    return (burst * scale >> shift) >> 6


def burst_of(rate: int, ticks: int) -> int:
    """The burst that the kernel says so of: see `whole_burst`."""
    scale, shift = _scale(rate)
    return whole_burst(rate, -((-(ticks * 64) << shift) // scale))


def _scale(rate: int) -> tuple[int, int]:
    """Nanoseconds a byte, as a number of 32 bits to be shifted: psched_ratecfg_precompute__."""
    shift, factor = 0, 10**9
    while True:
        scale = factor // rate
        if scale & 1 << 31 or factor & 1 << 63:
            return scale, shift
        factor, shift = factor << 1, shift + 1


def gilbert_words(shares: Sequence[int]) -> str:
    """`p 1% r 10% h 0% k 100%`."""
    return " ".join(f"{name} {share_words(share)}" for name, share in zip("prhk", shares, strict=True)) or "none"


def limit_words(thing: Queue) -> str:
    """The limit, in what it is counted in."""
    return size_words(thing.limit) if thing.discipline == TBF else f"{thing.limit}"


SPELLED: Mapping[str, Callable[[Any], str]] = MappingProxyType(
    {
        "delay": time_words,
        "jitter": time_words,
        "loss": share_words,
        "gilbert": gilbert_words,
        "duplicate": share_words,
        "corrupt": share_words,
        "reorder": share_words,
        "rate": rate_words,
        "burst": size_words,
        "room": size_words,
    }
)


def options(thing: Queue) -> Iterator[tuple[str, str]]:
    """(word of tc(8), its values) of all that is not as it is without."""
    varied = f" {time_words(thing.jitter)}" if thing.jitter else ""
    shape = f" distribution {thing.distribution}" if thing.distribution != DISTRIBUTIONS[0] else ""
    if thing.delay or thing.jitter:
        yield "delay", f"{time_words(thing.delay)}{varied}{shape}"
    if thing.gilbert:
        p, r, h, k = thing.gilbert
        yield "loss", "gemodel " + " ".join(map(share_words, (p, r, 0xFFFFFFFF - h, 0xFFFFFFFF - k)))
    for name in ("loss", "duplicate", "corrupt", "reorder"):
        if share := getattr(thing, name):
            yield name, share_words(share)
    if thing.rate:
        yield "rate", rate_words(thing.rate)
    if thing.burst:
        yield "burst", size_words(thing.burst)
    if thing.limit:
        yield "limit", limit_words(thing)


def command(thing: Queue) -> str:
    """Discipline and options, as tc(8) takes them. A burst behind netem is a qdisc of its own."""
    behind = NETEM if thing.burst and thing.discipline == NETEM else ""
    said = [f"{name} {value}" for name, value in options(thing) if not behind or name not in ("rate", "burst")]
    return " ".join([thing.discipline, *said])


def behind(before: Queue | None, after: Queue, device: str, handle: int) -> str:
    """The command that makes the token bucket behind netem what it is to be, behind ` && `; "" where nothing is to be done."""
    was, becomes = (_bucket(thing) for thing in (before, after))
    if was == becomes:
        return ""
    where = f" && tc -n {after.namespace} qdisc {'replace' if becomes else 'delete'} {device} parent {handle >> 16:x}:1"
    return f"{where} {becomes}".rstrip()


def _bucket(thing: Queue | None) -> str:
    if thing is None or thing.discipline != NETEM or not thing.burst:
        return ""
    return f"{TBF} rate {rate_words(thing.rate)} burst {size_words(thing.burst)} limit {size_words(thing.room)}"
