"""text -> Draft, Lab: what a file says, read by the schema and checked as far as one look at it can."""

from __future__ import annotations

from pathlib import Path

from topo.document import source
from topo.document.draft import Draft
from topo.document.loading import draft_of
from topo.lab import Lab

__all__ = ["Draft", "load", "loads", "read"]


def read(file: str | Path, *, name: str | None = None) -> Draft:
    """What a file, FIFO, or standard input (`-`) says, right or wrong.

    `name`: what the lab is called; by default what the file says, else the file's own name (for topo.yaml: its folder's).
    Raises DocumentErrors when nothing of a lab can be made of it, and UsageError when there is none or `name` is no name.
    """
    return draft_of(source.read(file), name)


def load(file: str | Path, *, name: str | None = None) -> Lab:
    """The lab in a file. Raises as `read` does, and DocumentErrors with what the document alone shows to be wrong."""
    return read(file, name=name).whole()


def loads(text: str | bytes, file: str = "<text>", *, name: str | None = None) -> Lab:
    """The same of a text. `file`: what errors call it; a name like shop.yaml also names a lab that does not name itself."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    given = None if file.startswith("<") else source.title(Path(file))
    return draft_of(source.Source(file, data, given), name).whole()
