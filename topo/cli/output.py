"""text -> stdout (data) and stderr (all else), plain unless the reader is a terminal."""

from __future__ import annotations

import os
import sys
from typing import Any, TextIO


def show(text: str) -> None:
    """Data: it goes to stdout."""
    _write(sys.stdout, text)


def show_json(data: Any) -> None:
    """Data as JSON."""
    from topo.views.json_text import json_text

    show(json_text(data))


def tell(line: str) -> None:
    """What is not data: it goes to stderr."""
    _write(sys.stderr, line + "\n")


def colour(stream: TextIO | None = None) -> bool:
    """Whether text may be coloured: on a terminal, and no NO_COLOR in the environment (no-color.org)."""
    return (stream or sys.stdout).isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def finished(code: int) -> int:
    """`code`, after what was written has gone out."""
    for stream in (sys.stdout, sys.stderr):
        _write(stream, "")
    return code


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        # The reader (`head`) has gone. What the command does is not less done: go on, and write to nobody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except UnicodeEncodeError as error:
        stream.write(text.encode(error.encoding, "backslashreplace").decode(error.encoding))
        stream.flush()
