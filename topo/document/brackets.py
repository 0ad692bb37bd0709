"""lines of YAML -> the brackets that are open at a place, as far as one that is no parser can tell."""

from __future__ import annotations

from collections.abc import Sequence

_CLOSES = {"]": "[", "}": "{"}
Mark = tuple[int, int]


def open_at(lines: Sequence[str], end: Mark, begin: Mark | None = None) -> str | None:
    """The brackets that are open at `end`; with the place of one, those from it on, and None when it is closed by then."""
    stack: list[str] = []
    quote = ""
    line_of, column_of = begin or (0, 0)
    for number in range(line_of, min(end[0] + 1, len(lines))):
        first = column_of if number == line_of else 0
        line = lines[number][: end[1]] if number == end[0] else lines[number]
        for at in range(first, len(line)):
            sign, before = line[at], line[at - 1 : at] or " "
            if quote:
                quote = "" if sign == quote else quote
            elif sign == "#" and before == " ":
                break
            elif sign in "\"'" and before in " [{,:":
                quote = sign
            elif sign in "[{":
                stack.append(sign)
            elif sign in _CLOSES:
                if stack and stack[-1] == _CLOSES[sign]:
                    stack.pop()
                if not stack and begin:
                    return None
    return "".join(stack)
