"""text -> coloured text, where the reader is a terminal."""

from __future__ import annotations

_CODES = {"green": 32, "yellow": 33, "magenta": 35, "red": 31, "bold": 1, "dim": 2}


def paint(text: str, style: str, *, colour: bool) -> str:
    """`text` in one of the styles green, yellow, magenta, red, bold and dim; as it is without `colour`."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if colour and text else text
