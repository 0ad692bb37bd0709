"""the bytes of a document -> Draft."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

from msgspec.structs import replace
from yaml.nodes import Node

from topo.document.assembly import assemble
from topo.document.assembly.values import known
from topo.document.draft import Draft
from topo.document.formats import Wrong
from topo.document.formats import names as grammar
from topo.document.pairs import Pairs, TooMuch
from topo.document.reader import Reader
from topo.document.report import Places, Report, plain
from topo.document.scalars import is_null
from topo.document.schema import document_schema
from topo.document.shapes import Shapes
from topo.document.source import Source
from topo.document.tree import compose
from topo.errors import DocumentError, DocumentErrors, UsageError, Where
from topo.timings import stage

_EXPANSION = 2
_ROOM = 100_000
"""Aliases may make this many values of a small file, and of a large one `_EXPANSION` times what it holds."""


def draft_of(source: Source, name: str | None) -> Draft:
    """What `source` says. `name`: what the lab is called, whatever the document says.

    Raises DocumentErrors when it is so wrong that nothing of a lab can be made of it.
    """
    if name is not None:
        _check_given(name)
    tree = compose(source.data, source.file)
    if tree.root is None or is_null(tree.root):
        hint = "a whole lab is: containers: {a: , b: }"
        raise DocumentErrors([DocumentError("the document is empty", where=Where(source.file, 1, 1), hint=hint, code="empty")])
    with stage("validate"):
        return _draft(tree.root, tree.nodes, source, name)


def _draft(root: Node, nodes: int, source: Source, name: str | None) -> Draft:
    places = Places()
    report = Report(places)
    reader = Reader(places, report, Pairs(report, nodes * _EXPANSION + _ROOM))
    try:
        document = reader.read(root, _shapes().root, (), root)
    except TooMuch:
        message = "aliases make more of this file than a lab can be"
        report.add((), message, hint="write fewer `*alias` of what holds aliases itself", code="too-large")
        report.give_up()
    if not isinstance(document, dict):
        report.give_up()
    lab = assemble(name or "", document, report)
    named = name or known(document.get("name")) or _title(source, document, report)
    lab = replace(lab, name=named, sources=((source.file, sha256(source.data).hexdigest()),))
    return Draft(lab, report.errors, report.broken)


@cache
def _shapes() -> Shapes:
    return Shapes(document_schema())


def _title(source: Source, document: dict[str, object], report: Report) -> str:
    """What a lab that says nothing is called: by its file."""
    if "name" in document:
        return ""
    hint = "write `name: NAME` in the file, or use --name NAME"
    if source.title is None:
        report.add((), "the lab has no name: this is no file whose name it could have", hint=hint, code="lab-name", harmless=True)
        return ""
    found = grammar.valid_name(source.title, 10_000, "-").strip("-")
    if not found or len(found) > 32:
        why = "is too long for a lab's name" if found else "has no letter or digit of a lab's name"
        report.add((), f"the lab has no name, and `{plain(source.title)}` {why}", hint=hint, code="lab-name", harmless=True)
    return found


def _check_given(name: str) -> None:
    try:
        grammar.lab(name)
    except Wrong as wrong:
        raise UsageError(wrong.message, hint=wrong.hint) from None
