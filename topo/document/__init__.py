"""text -> Lab: what a file says, read by the schema and checked as far as one look at it can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from topo.document.loading import lab_of
from topo.document.source import Source, read, title
from topo.errors import UsageError
from topo.lab import Lab

__all__ = ["load", "loads"]


def load(
    source: str | Path | Sequence[str | Path], *, name: str | None = None, environment: Mapping[str, str] | None = None
) -> Lab:
    """The lab in a file, FIFO, or standard input (`-`).

    `name`: what the lab is called; by default what the file says, else the file's own name (for topo.yaml: its folder's).
    A sequence holds one source, and `environment` is for variables: neither several files nor variables are read yet.
    Raises DocumentErrors with all that is wrong with the document, and UsageError when there is none or `name` is no name.
    """
    sources = [source] if isinstance(source, str | Path) else source
    if len(sources) != 1:
        raise UsageError(f"{len(sources)} files; a lab is one file", hint="name one file")
    return lab_of(read(sources[0]), name)


def loads(text: str | bytes, file: str = "<text>", *, name: str | None = None) -> Lab:
    """The lab in a text. `file`: what errors call it; a name like shop.yaml also names a lab that does not name itself.

    Raises DocumentErrors with all that is wrong with it, and UsageError when `name` is no lab's name.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    given = None if file.startswith("<") else title(Path(file))
    return lab_of(Source(file, data, given), name)
