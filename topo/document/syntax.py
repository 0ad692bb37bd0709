"""what a YAML parser complains of -> an error at the place that the writer must change, in plain words."""

from __future__ import annotations

import re
from typing import Any

import yaml

from topo.document.brackets import open_at
from topo.errors import DocumentError, Where

_OPEN = "write the value, or the bracket that closes what is open"
_QUOTE = "put the text in quotes"
_TAB = ("a tab stands where spaces belong", "YAML is indented by spaces: replace the tab")


def complaint(error: yaml.YAMLError, text: str, file: str) -> DocumentError:
    """The first syntax error of `text`. Nothing after it can be read, so it comes alone."""
    place = _Place(error, text)
    for part, explain in _CAUSES.items():
        if part in place.problem:
            message, hint, mark = explain(place)
            break
    else:
        message, hint, mark = f"this is not YAML: {place.problem or error}", None, place.mark
    line, column = mark
    return DocumentError(message, where=Where(file, line + 1, column + 1), hint=hint, code="yaml")


_Answer = tuple[str, str | None, tuple[int, int]]


class _Place:
    """Where the parser stood (`mark`), where the thing that it was in had begun (`start`), and the lines around."""

    def __init__(self, error: yaml.YAMLError, text: str) -> None:
        self.problem = str(getattr(error, "problem", None) or "")
        self.context = str(getattr(error, "context", None) or "")
        self.lines = text.splitlines() or [""]
        self.mark = self._position(getattr(error, "problem_mark", None))
        self.start = self._position(getattr(error, "context_mark", None)) if error.__dict__.get("context_mark") else self.mark

    def _position(self, mark: Any) -> tuple[int, int]:
        if mark and mark.line >= len(self.lines):
            return len(self.lines) - 1, len(self.lines[-1])  # the end of the file, after its last line break
        return (mark.line, mark.column) if mark else (0, 0)

    def line(self, number: int) -> str:
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def rest(self, mark: tuple[int, int]) -> str:
        return self.line(mark[0])[mark[1] :].rstrip()

    @property
    def first(self) -> bool:
        """Whether nothing stands before the mark on its line."""
        return not self.line(self.mark[0])[: self.mark[1]].strip()

    def above(self) -> tuple[int, str]:
        """The number and text of the nearest line above that says something."""
        number = self.mark[0] - 1
        while number > 0 and (not self.line(number).strip() or self.line(number).lstrip().startswith("#")):
            number -= 1
        return number, self.line(number)


def _word(text: str, length: int = 30) -> str:
    return f"`{text[:length]}...`" if len(text) > length else f"`{text}`"


def _start_of_token(place: _Place) -> _Answer:
    character = place.rest(place.mark)[:1]
    if character == "\t" or not character:
        return *_TAB, place.mark
    return f"a text cannot begin with {'a backquote' if character == '`' else f'`{character}`'}", _QUOTE, place.mark


def _tab(place: _Place) -> _Answer:
    line, column = place.mark
    found = place.line(line).find("\t")
    return *_TAB, (line, found if found >= 0 else column)


def _second_colon(place: _Place) -> _Answer:
    line, column = place.mark
    before = place.line(line)[:column]
    key, colon, value = before.partition(": ")
    if colon and value.strip():
        key, value = key.strip(" -"), place.line(line).strip().partition(": ")[2]
        hint = f'begin a new line before `{before.split()[-1]}:`, or put the text in quotes: {key}: "{value}"'
        return "a second `:` in one line", hint, place.mark
    number, above = place.above()
    if _joined(above):
        return *_joined(above), (number, above.index(":"))
    if ":" not in above and not above.lstrip().startswith("- ") and number != line:
        at = (number, len(above) - len(above.lstrip()))
        written = _without_colon(above.strip())
        if written:
            return *written, at
        return f"{_word(above.strip())} has no `:` after it", f"write `{above.strip()}:`", at
    indent = len(before) - len(before.lstrip())
    wanted = len(above) - len(above.lstrip(" -"))
    return (
        f"this key is indented further than line {number + 1} above, which has its value already",
        f"start it in column {wanted + 1}",
        (line, indent),
    )


def _joined(line: str) -> tuple[str, str] | tuple[()]:
    """`subnet:10.0.0.0/24`: a text, not a key and its value."""
    key, colon, value = line.strip(" -").partition(":")
    if not colon or not value or value[0] in " /:" or not key.replace("_", "").isalnum():
        return ()
    return "there is no space after this `:`", f"write {key}: {value}"


def _without_colon(line: str) -> tuple[str, str] | tuple[()]:
    """`subnet 10.0.0.0/24`: a key and its value, and nothing between them."""
    key, _, value = line.partition(" ")
    if not value or not key.replace("_", "").isalnum() or (value[0] not in "[{" and " " in value.strip()):
        return ()
    return f"{_word(key)} has no `:` after it", f"write `{key}: {value.strip()}`"


def _no_colon(place: _Place) -> _Answer:
    rest = place.rest(place.start)
    if _joined(rest):
        return *_joined(rest), (place.start[0], place.start[1] + rest.index(":"))
    if rest[:1] in "\"'":
        return "a text in quotes, where a key belongs", "write `key: ` before it", place.start
    written = _without_colon(rest)
    if written:
        return *written, place.start
    return f"{_word(rest)} has no `:` after it", f"write `{rest}: VALUE`, or indent it further than its key", place.start


def _unclosed(close: str) -> Any:
    name = "list" if close == "]" else "map"

    def explain(place: _Place) -> _Answer:
        found = place.rest(place.mark)[:1]
        if found in ("]", "}") and found != close:
            return _wrong_bracket(place, found, close)
        closed = open_at(place.lines, (len(place.lines), 0), place.start) is None
        if closed and place.start[0] != place.mark[0]:
            return _no_comma(place)
        if place.start[0] != place.mark[0]:
            return f"the {name} that begins here has no `{close}`", f"write `{close}` after its last entry", place.start
        return f"a `,` or `{close}` is missing before this", "separate entries by commas", place.mark

    return explain


def _wrong_bracket(place: _Place, found: str, close: str) -> _Answer:
    if "[{"["]}".index(found)] in (open_at(place.lines, place.mark) or ""):
        return f"a `{close}` is missing before this `{found}`", f"write `{close}` where its entries end", place.mark
    return f"one `{found}` too many", "remove it", place.mark


def _no_comma(place: _Place) -> _Answer:
    """Entries on lines of their own: the parser has taken the key for more of the text above it."""
    line, column = place.mark
    if place.rest(place.mark).startswith(":"):
        column = len(place.line(line)) - len(place.line(line).lstrip())
    word = place.rest((line, column)).partition(":")[0]
    return f"a `,` is missing before {_word(word)}", "end the entry above it with a `,`", (line, column)


def _unspaced(place: _Place) -> _Answer:
    before, rest = place.line(place.mark[0])[: place.mark[1]], place.rest(place.mark)
    key = before.replace("{", " ").replace("[", " ").replace(",", " ").split(" ")[-1]
    value = re.match(r"\[[^]]*\]|\{[^}]*\}", rest[1:])
    return "there is no space after this `:`", f"write {key}: {value[0]}" if value else "write a space after it", place.mark


def _no_key(place: _Place) -> _Answer:
    rest, column = place.rest(place.mark), place.mark[1]
    if rest[:1] in ("]", "}"):
        return f"one `{rest[0]}` too many", "remove it", place.mark
    if rest.startswith(":"):
        return "no key stands before this `:`", "write a name before it", place.mark
    number, above = place.above()
    beside = len(above) - len(above.lstrip())
    if place.first and rest.startswith("- ") and above.lstrip().startswith("- "):
        hint = f"start it in column {beside + 1}"
        return f"this `- ` begins in column {column + 1}, and the one above in column {beside + 1}", hint, place.mark
    if place.first and rest.startswith("-"):
        hint = "a place holds either keys or `- ` entries: indent this line under the key it belongs to"
        return "a list entry among the keys of a map", hint, place.mark
    if place.first:
        hint = f"keys beside each other begin in one column: in line {number + 1} it is column {beside + 1}"
        return f"this line begins in column {column + 1}, where nothing above does", hint, place.mark
    if place.line(place.mark[0])[: place.mark[1]].endswith("'"):
        return f"{_word(rest)} after the end of the quotes", "write `''` for a `'` within them, or use double quotes", place.mark
    return f"{_word(rest)} after the end of the value", f"{_QUOTE}, the whole of it", place.mark


def _no_dash(place: _Place) -> _Answer:
    if place.rest(place.mark).startswith("-"):
        return "this line begins where no list does", f"start it in column {place.start[1] + 1}", place.mark
    hint = f"indent it to column {place.start[1] + 3} if it belongs to the entry above, or start it with `- `"
    return "this line stands in a list and does not begin with `- `", hint, place.mark


def _escape(place: _Place) -> _Answer:
    bad = place.rest(place.mark)[:2]
    return f"`{bad}` means nothing in double quotes", f"use single quotes, or write `\\{bad}`", place.mark


def _no_end(place: _Place) -> _Answer:
    quote = place.rest(place.start)[:1]
    return "this quote is never closed", f"end the text with `{quote}`", place.start


def _anchor_twice(place: _Place) -> _Answer:
    name = place.rest(place.mark).split(" ")[0]
    return f"anchor `{name}` stands on line {place.start[0] + 1} too", "give one of them another name", place.mark


def _no_anchor(place: _Place) -> _Answer:
    name = place.rest(place.mark).split(" ")[0].strip("*,]}")
    return (
        f"no `&{name}` above this `*{name}`",
        f"write `&{name}` before what it stands for; if it is a text, put it in quotes",
        place.mark,
    )


def _no_value(place: _Place) -> _Answer:
    rest = place.rest(place.mark)
    if not rest:
        return "the file ends where a value belongs", "write the value, and close what is open", place.mark
    hint = {",": "remove it", "]": _OPEN, "}": _OPEN}.get(rest[0], _QUOTE)
    return f"{_word(rest[:1])} where a value belongs", hint, place.mark


def _past_the_end(place: _Place) -> _Answer:
    if place.above()[1].startswith("..."):
        return "the document has ended with `...`", "remove the `...`", place.mark
    hint = "write a space after the `:`" if place.rest(place.mark).startswith(":") else None
    return f"{_word(place.rest(place.mark))} after the end of the document", hint, place.mark


_CAUSES: dict[str, Any] = {
    "cannot start any token": _start_of_token,
    "unexpected ':'": _unspaced,
    "tab character": _tab,
    "mapping values are not allowed": _second_colon,
    "could not find expected ':'": _no_colon,
    "expected ',' or ']'": _unclosed("]"),
    "expected ',' or '}'": _unclosed("}"),
    "expected '-' indicator": _no_dash,
    "did not find expected key": _no_key,
    "expected <block end>": _no_key,
    "node content": _no_value,
    "unexpected end of stream": _no_end,
    "unknown escape character": _escape,
    "sequence entries are not allowed": lambda place: (
        "a list cannot begin on the line of its key",
        "begin each `- ` on a line of its own, or write [a, b]",
        place.mark,
    ),
    "undefined alias": _no_anchor,
    "second occurrence": _anchor_twice,
    "another document": lambda place: ("a second document begins here", "a lab is one document: remove the `---`", place.mark),
    "<document start>": _past_the_end,
    "undefined tag handle": lambda place: (f"unknown tag {_word(place.rest(place.mark).split(' ')[0])}", "remove it", place.mark),
    "alphabetic or numeric": lambda place: ("`&` and `*` need a name right after them", _QUOTE, place.start),
    "comment or line break": lambda place: (
        "nothing can follow `|` or `>` on its line",
        "begin the text on the next line",
        place.mark,
    ),
    "incompatible YAML": lambda place: ("topo reads YAML 1.1 and 1.2", "remove the line", place.mark),
}
