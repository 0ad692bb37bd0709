"""what was typed -> the file that is meant, and the lab that is meant."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import topo
from topo.errors import DocumentError, UsageError
from topo.kernel.protocol import Kernel

USUAL = "topo.yaml"
_KEY = r"""^(?:name|"name"|'name')[ \t]*:"""
_NAME = _KEY + r"""[ \t]*(?P<quote>["']?)(?P<name>[a-z0-9][a-z0-9-]*)(?P=quote)[ \t]*(?:#.*)?$"""
_PLAIN = r"[a-z0-9]+(-[a-z0-9]+)*"
_SAYS_NAME = r"""^[ \t{,]*["']?name["']?[ \t]*:"""


def file_of(argument: Path | None, option: Path | None) -> Path:
    """The document that is meant. Raises UsageError when there is none, or when two are named."""
    named = _named(argument, option)
    if named is not None:
        return named
    found = _usual()
    if found is None:
        raise UsageError(f"no file was named, and there is no {USUAL} in this folder or above", hint="topo COMMAND FILE")
    return found


@contextmanager
def ahead(file: Path, name: str | None, kernel: Kernel | None, *, change: bool = False) -> Iterator[Kernel]:
    """The kernel, which may begin to read the lab of a file while the file is read: see topo.ahead."""
    lab = name or (_plain_name_of(file) if os.path.isfile(file) else None)  # Path.is_file raises where it may not look
    with topo.ahead(lab, kernel=kernel, change=change) as machine:
        yield machine


def named_lab(argument: Path | None, option: Path | None, name: str | None) -> str | None:
    """The name of the lab that is said: by name, by file, or by a topo.yaml in this folder or above. None: by nothing."""
    if name is not None:
        return name
    file = _named(argument, option) or _usual()
    return None if file is None else name_of(file)


def lab_of(argument: Path | None, option: Path | None, name: str | None, running: Sequence[str]) -> str:
    """The name of the lab that is meant: the one that is said, else the only one that runs. Raises UsageError."""
    said = named_lab(argument, option, name)
    if said is not None:
        return said
    if len(running) == 1:
        return running[0]
    if not running:
        raise UsageError("no lab runs", hint="topo up FILE starts one")
    raise UsageError(f"which lab? {', '.join(running)} run", hint="say it: --name LAB, or -f FILE")


def running(argument: Path | None, option: Path | None, name: str | None, kernel: Kernel | None) -> topo.RunningLab:
    """The lab that is meant, which must be running. Raises UsageError."""
    labs = {lab.name: lab for lab in topo.labs(kernel=kernel)}
    wanted = lab_of(argument, option, name, list(labs))
    if wanted not in labs:
        others = f"what runs: {', '.join(labs)}" if labs else "topo up FILE starts one"
        raise UsageError(f"the lab {wanted} does not run", hint=others)
    return labs[wanted]


def name_of(file: Path) -> str:
    """The name of a file's lab, also of a file that is broken or lost: then of as much as can be read of it."""
    plain = _plain_name_of(file)
    if plain is not None:
        return plain
    from topo.document import read

    try:
        return read(file).lab.name or _usual_name(file)
    except DocumentError:
        return _usual_name(file)


def _plain_name_of(file: Path) -> str | None:
    """The same, where one look tells it. None: a document in braces, an odd way to write it, where only the loader can tell."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return _usual_name(file)
    said = re.search(_NAME, text, re.MULTILINE)
    if said:
        return said["name"]
    return None if re.search(_SAYS_NAME, text, re.MULTILINE) else _usual_name(file)


def _usual_name(file: Path) -> str:
    """What a lab is called that does not say it."""
    title = file.resolve().parent.name if file.name in (USUAL, "topo.yml") else file.stem
    if re.fullmatch(_PLAIN, title):
        return title
    from topo.document.formats.names import valid_name

    return valid_name(title, 10_000, "-").strip("-")


def _named(argument: Path | None, option: Path | None) -> Path | None:
    if argument is not None and option is not None:
        raise UsageError(f"two files: {argument} and {option}", hint="say it once: FILE or -f FILE")
    return argument if argument is not None else option


def _usual() -> Path | None:
    return next((path for path in _candidates() if path.is_file()), None)


def _candidates() -> Iterator[Path]:
    try:
        here = Path.cwd()
    except FileNotFoundError as error:
        raise UsageError("the current folder is gone", hint="cd to one that exists") from error
    for folder in (here, *here.parents):
        yield Path(os.path.relpath(folder / USUAL, here))
