"""text -> a time, share, rate or size, as the kernel counts it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from topo.document.formats.wrong import Wrong
from topo.document.report import shown
from topo.objects.units import RATES, SIZES, TIMES, share_of

TIME = r"^[0-9]+(\.[0-9]+)?(ns|us|ms|s)$"
SHARE = r"^[0-9]+(\.[0-9]+)?%$"
RATE = r"^[0-9]+(\.[0-9]+)?([kmgt]?bit)$"
SIZE = r"^[0-9]+(\.[0-9]+)?([kmg]?b)$"

_LONGEST = 24
_PARTS = r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+) ?([a-zµ/]*)"
_LONGEST_TIME = 3600 * 10**9
_LONGEST_JITTER = 2**31 - 1
_LEAST_RATE, _MOST_RATE = 125, 125 * 10**9
_MOST_SIZE = 2**31 - 1

_OTHER_TIMES = {
    "": "ms",
    "µs": "us",
    "usec": "us",
    "usecs": "us",
    "msec": "ms",
    "msecs": "ms",
    "sec": "s",
    "secs": "s",
    "nsec": "ns",
}
_OTHER_RATES = {
    "k": "kbit",
    "m": "mbit",
    "g": "gbit",
    "kb": "kbit",
    "mb": "mbit",
    "gb": "gbit",
    "tb": "tbit",
    "bps": "bit",
}
_OTHER_RATES |= {f"{unit}{tail}": f"{unit}bit" for unit in "kmgt" for tail in ("bps", "bits", "bit/s", "b/s", "bits/s")}
_OTHER_SIZES = {"": "b", "k": "kb", "m": "mb", "g": "gb", "kib": "kb", "mib": "mb", "gib": "gb", "byte": "b", "bytes": "b"}


def time(text: str) -> int:
    """`10ms`, `1.5s`, `250us` -> nanoseconds; an hour at most."""
    found = _read(text, TIME, TIMES, _OTHER_TIMES, "a time like 10ms", "ms")
    return _within(found, 0, _LONGEST_TIME, text, "3600s")


def jitter(text: str) -> int:
    """The same; netem_change cuts it to 31 bits of nanoseconds."""
    return _within(time(text), 0, _LONGEST_JITTER, text, "2.147483647s")


def share(text: str) -> int:
    """`0.1%` -> of units.WHOLE."""
    if not re.fullmatch(SHARE, text) or len(text) > _LONGEST:
        number = re.fullmatch(r"([0-9]*\.?[0-9]+) ?%?", text)
        hint = f"write {_tidy(number[1])}%" if number else None
        raise Wrong(f"{shown(text)} is not a share like 0.1%", hint)
    percent = Decimal(text[:-1])
    if percent > 100:
        raise Wrong(f"{text} is more than all", "write a share from 0% to 100%")
    found = share_of(percent)
    if percent and not found:
        raise Wrong(f"{text} is less than the kernel can count", "write 0.00000003% or more, or remove it")
    return found


def rate(text: str) -> int:
    """`100mbit`, `1.5gbit` -> bytes a second."""
    bits = _read(text, RATE, RATES, _OTHER_RATES, "a rate like 100mbit", "mbit")
    return _within(bits // 8, _LEAST_RATE, _MOST_RATE, text, "1tbit", "1kbit")


def size(text: str) -> int:
    """`32kb`, `1500b` -> bytes; kb is 1024, as tc(8) has it. A number alone is one of bytes."""
    text = f"{text}b" if text.isdigit() else text
    return _within(_read(text, SIZE, SIZES, _OTHER_SIZES, "a size like 32kb", "kb"), 1, _MOST_SIZE, text, "1.9gb", "1b")


def limit(text: str) -> str:
    """A number of packets, or a size, which stays a text: `1000`, `64kb`."""
    if not text.isdigit():
        what = "a number of packets, or a size like 64kb"
        return f"{_within(_read(text, SIZE, SIZES, _OTHER_SIZES, what, 'kb'), 1, _MOST_SIZE, text, '1.9gb', '1b')}b"
    return str(_within(int(text[:_LONGEST]), 1, _MOST_SIZE, text, str(_MOST_SIZE), "1"))


def _read(text: str, pattern: str, units: Mapping[str, int], others: Mapping[str, str], what: str, usual: str) -> int:
    if len(text) <= _LONGEST and re.fullmatch(pattern, text):
        parts = re.fullmatch(_PARTS, text)
        assert parts
        return int(Decimal(parts[1]) * units[parts[2]])
    raise Wrong(f"{shown(text)} is not {what}", _meant(text, pattern, others, usual))


def _meant(text: str, pattern: str, others: Mapping[str, str], usual: str) -> str | None:
    """What to write for what is nearly right: another name of the unit, capital letters, a space, no unit."""
    parts = re.fullmatch(_PARTS, text.strip().lower())
    if not parts:
        return f"write a number and its unit, like 10{usual}"
    unit = others.get(parts[2], parts[2])
    fixed = _tidy(parts[1]) + unit
    return f"write {fixed}" if re.fullmatch(pattern, fixed) else f"write a number and its unit, like 10{usual}"


def _tidy(number: str) -> str:
    return f"0{number}" if number.startswith(".") else number


def _within(number: int, least: int, most: int, text: str, most_words: str, least_words: str = "0") -> int:
    if number > most:
        raise Wrong(f"{shown(text)} is too much", f"write {most_words} at most")
    if number < least:
        raise Wrong(f"{shown(text)} is too little", f"write {least_words} at least")
    return number
