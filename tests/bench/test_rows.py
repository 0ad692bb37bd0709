"""The table: every row can be asked for, is judged by what its groups measure, and is printed."""

from __future__ import annotations

import json
import sys
from collections import defaultdict

import pytest

from bench import report
from bench.__main__ import chosen, main
from bench.groups import GROUPS
from bench.rows import ROWS, Row, against
from bench.shapes import SHAPE_GROUPS, SHAPE_ROWS

ALL = [*ROWS, *SHAPE_ROWS]


def key(row: Row) -> str:
    return row.key


def test_keys_are_unique() -> None:
    assert len({row.key for row in ALL}) == len(ALL)


@pytest.mark.parametrize("row", ALL, ids=key)
def test_a_row_is_of_groups_that_there_are(row: Row) -> None:
    assert set(row.groups) <= {*GROUPS, *SHAPE_GROUPS}


@pytest.mark.parametrize("row", ALL, ids=key)
def test_a_row_reads_only_what_its_groups_measure(row: Row) -> None:
    asked: set[str] = set()

    class Medians(defaultdict[str, float]):
        def __missing__(self, name: str) -> float:
            asked.add(name.partition(".")[0])
            return 1.0

    row.judge(Medians())
    assert asked - {"containers"} <= set(row.groups)


def test_a_bar_is_met_and_missed() -> None:
    judge = against("lab.up", "lab.floor up", 1.5)
    assert judge({"lab.up": 1.5, "lab.floor up": 1.0}).ok
    assert judge({"lab.up": 1.6, "lab.floor up": 1.0}).ok is False
    assert against("lab.up", "lab.floor up", None)({"lab.up": 9.0, "lab.floor up": 1.0}).ok is None


def test_the_table_as_text_as_markdown_and_as_json() -> None:
    lines = [(row, row.judge(defaultdict(lambda: 1.0))) for row in ALL]
    text, markdown = report.text(lines, 1000), report.markdown(lines, 1000)
    assert len(text.splitlines()) == len(ALL) + 1
    assert len(markdown.splitlines()) == len(ALL) + 2
    assert "up of 4000 on 8 bridges" in text
    assert "| `up` of 4000 on 8 bridges |" in markdown
    written = json.loads(json.dumps(report.record(lines, {"lab.up": [1.0]}, 1000)))
    assert [row["key"] for row in written["rows"]] == [row.key for row in ALL]
    assert {"work", "topo", "reference", "ratio", "bar", "ok"} <= set(written["rows"][0])


def test_the_rows_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["bench/run", "--list"])
    main()
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [row.key for row in ROWS]


def test_an_unknown_row_is_said() -> None:
    with pytest.raises(SystemExit, match="no row upp"):
        chosen(["up", "upp"], shapes=False)
