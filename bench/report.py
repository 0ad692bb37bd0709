"""Judged rows -> the table as text, as Markdown, and as JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence

from bench.rows import Judged, Row

Line = tuple[Row, Judged]

HEAD = ("", "topo", "reference", "ratio", "bar", "ok?")


def words(row: Row, containers: int) -> str:
    """What the row is about, with its numbers."""
    return row.work.format(
        n=containers, large=4 * containers, half=containers // 2, twentieth=max(1, containers // 20), routes=3 * containers
    )


def _cells(line: Line, containers: int) -> tuple[str, ...]:
    row, judged = line
    ok = {True: "yes", False: "NO", None: ""}[judged.ok]
    return (words(row, containers), judged.topo, judged.reference, judged.ratio, judged.bar, ok)


def text(lines: Sequence[Line], containers: int) -> str:
    """In columns."""
    return columns([HEAD, *(_cells(line, containers) for line in lines)])


def markdown(lines: Sequence[Line], containers: int) -> str:
    """As a table of Markdown."""
    return markdown_of([HEAD, *(_cells(line, containers) for line in lines)])


def columns(table: Sequence[Sequence[str]]) -> str:
    """Cells as text: the first column to the left, the others to the right."""
    plain = [[cell.replace("`", "") for cell in cells] for cells in table]
    widths = [max(map(len, column)) for column in zip(*plain, strict=True)]
    rows = (
        "  ".join([cells[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))])
        for cells in plain
    )
    return "\n".join(row.rstrip() for row in rows)


def markdown_of(table: Sequence[Sequence[str]]) -> str:
    """Cells as Markdown; the first row is the head."""
    head, *rest = (f"| {' | '.join(cells)} |" for cells in table)
    return "\n".join([head, f"|{'---|' * len(table[0])}", *rest])


def machine() -> Mapping[str, object]:
    """On what it was measured."""
    return {"cores": os.cpu_count(), "kernel": platform.release(), "python": platform.python_version()}


def record(lines: Sequence[Line], samples: Mapping[str, Sequence[float]], containers: int) -> Mapping[str, object]:
    """All of it, for JSON: the lines as they are printed, and what was measured in each turn."""
    rows = [{"key": line[0].key, **dict(zip(("work", *HEAD[1:-1]), _cells(line, containers), strict=False))} for line in lines]
    for row, (_, judged) in zip(rows, lines, strict=True):
        row["ok"] = judged.ok  # type: ignore[assignment]
    return {"machine": machine(), "containers": containers, "rows": rows, "samples": samples}
