"""times, shares, rates and sizes as the kernel counts them -> what people write, from which the same number is read again."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

WHOLE = 0xFFFFFFFF
"""100% of a share: netem compares it with a random number of 32 bits."""

TIMES = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9}
"""unit -> nanoseconds."""
RATES = {"bit": 1, "kbit": 10**3, "mbit": 10**6, "gbit": 10**9, "tbit": 10**12}
"""unit -> bits in a second."""
SIZES = {"b": 1, "kb": 2**10, "mb": 2**20, "gb": 2**30}
"""unit -> bytes, as tc(8) has it."""

_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_DIGITS = 12
"""Of a percentage: with so many, each of the 2^32 shares has one of its own."""


def share_of(percent: Decimal) -> int:
    """`0.1` -> the share of WHOLE that the kernel is told."""
    return int((percent * WHOLE / 100).to_integral_value(context=_EXACT))


def time_words(nanoseconds: int) -> str:
    """`10ms`, `1.5s`."""
    return _in_largest(nanoseconds, TIMES)


def share_words(share: int) -> str:
    """`0.1%`: the shortest percentage that is this share of WHOLE."""
    exact = _EXACT.divide(Decimal(share) * 100, Decimal(WHOLE))
    for digits in range(_DIGITS):
        percent = exact.quantize(Decimal(1).scaleb(-digits), context=_EXACT)
        if share_of(percent) == share:
            return f"{_plain(percent)}%"
    return f"{_plain(exact)}%"


def rate_words(bytes_per_second: int) -> str:
    """`100mbit`, `1.5gbit`."""
    return _in_largest(bytes_per_second * 8, RATES)


def size_words(size: int) -> str:
    """`32kb`; in bytes where that is no whole number."""
    whole = [unit for unit, factor in SIZES.items() if size and size % factor == 0]
    return f"{size // SIZES[whole[-1]]}{whole[-1]}" if whole else f"{size}b"


def _in_largest(number: int, units: dict[str, int]) -> str:
    fitting = [unit for unit, factor in units.items() if number >= factor] or [next(iter(units))]
    return _plain(_EXACT.divide(Decimal(number), Decimal(units[fitting[-1]]))) + fitting[-1]


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
