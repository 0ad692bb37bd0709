"""text -> stdout (data) and stderr (all else), plain unless the reader is a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, TextIO

from topo.errors import TopoError

_Rows = Sequence[dict[str, Any]]


class OutputError(TopoError):
    """Standard output takes nothing more, a full disk for example."""


def show(text: str) -> None:
    """Data: it goes to stdout."""
    _write(sys.stdout, text)


def show_json(data: Any, *, ordered: bool = False) -> None:
    """Data as JSON, keys sorted; `ordered`: their order says something, and stays."""
    from topo.views.json_text import json_text

    show(json_text(data, ordered=ordered))


def show_rows(rows: _Rows, text: Callable[[_Rows], str], *, json: bool, quiet: bool) -> None:
    """Rows that each have a name: as `text`, a table, makes them; as JSON; or, `quiet`, their names alone."""
    from topo.timings import stage

    with stage("print"):
        if json:
            show_json(rows)
        elif quiet:
            show("".join(f"{row['name']}\n" for row in rows))
        else:
            show(text(rows))


def tell(line: str) -> None:
    """What is not data: it goes to stderr."""
    _write(sys.stderr, line + "\n")


def colour(stream: TextIO | None = None) -> bool:
    """Whether text may be coloured: on a terminal, and no NO_COLOR in the environment (no-color.org)."""
    stream = stream or sys.stdout
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream is not None and stream.isatty() and not plain


def finished(code: int) -> int:
    """`code`, after what was written has gone out."""
    for stream in (sys.stdout, sys.stderr):
        _write(stream, "")
    return code


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # closed by who started us
        return
    try:
        try:
            stream.write(text)
        except UnicodeEncodeError as error:
            stream.write(text.encode(error.encoding, "backslashreplace").decode(error.encoding))
        stream.flush()
    except OSError as error:
        # What is still in the buffer would be tried again at the end of the process.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        # When a reader (`head`) has gone, what the command does is not less done: it goes on, and writes to nobody.
        if not isinstance(error, BrokenPipeError):
            raise OutputError(f"the output cannot be written: {error.strerror}") from error
