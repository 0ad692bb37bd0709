"""A file has one thought, a function one screen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.house.source import ROOT, modules, tree

FILES = sorted([*modules().values(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")])


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_half_of_the_files_have_less_than_120_lines() -> None:
    assert median(lines for path in modules().values() if (lines := _lines(path))) < 120


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_file_has_more_than_400_lines(path: Path) -> None:
    assert _lines(path) <= 400


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_function_has_more_than_40_lines(path: Path) -> None:
    long = {each.name: each.end_lineno - each.lineno + 1 for each in _functions(path) if each.end_lineno}
    assert not {each: lines for each, lines in long.items() if lines > 40}


@pytest.mark.parametrize("path", modules().values(), ids=name)
def test_every_module_says_what_it_is(path: Path) -> None:
    if not path.read_text().strip():
        pytest.fail("a file without a line: say what the room is for")
    docstring = ast.get_docstring(tree(path))
    assert docstring, "no docstring"
    assert docstring.splitlines()[0].endswith("."), "the first line is a sentence"


@pytest.mark.parametrize("path", modules().values(), ids=name)
def test_what_is_public_is_documented(path: Path) -> None:
    public = (
        node for node in tree(path).body if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    )
    assert not [node.name for node in public if not ast.get_docstring(node)]


@pytest.mark.parametrize("path", [ROOT / "bench" / "floor.c"], ids=name)
def test_the_floor_can_be_read(path: Path) -> None:
    assert _lines(path) < 300
