"""One word for one thing, and nothing of the machine on which it was written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, modules

TEXTS = sorted(
    path
    for folder in ("topo", "tests", "docs", "examples", "scripts", "bench", "schemas", ".ci")
    for path in (ROOT / folder).rglob("*")
    if path.is_file() and path.suffix in {"", ".py", ".md", ".yaml", ".txt", ".c", ".json", ".sh"} and path != Path(__file__)
)


@pytest.mark.parametrize("module", modules())
def test_no_drawer_is_called_miscellaneous(module: str) -> None:
    assert not re.search(r"util|helper|manager|common|misc|reconcil", module)


def test_no_path_of_the_machine_on_which_it_was_written() -> None:
    machine = re.compile(r"/work/|/root/\.|contracts\.md|\bissue #?\d")
    assert not [str(path.relative_to(ROOT)) for path in TEXTS if machine.search(path.read_text(errors="replace"))]


def test_no_sleep_and_hope_in_the_tests() -> None:
    waiting = ROOT / "tests" / "world" / "waiting.py"
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path not in {waiting, Path(__file__)}]
    sleepers = [str(path.relative_to(ROOT)) for path in tests if re.search(r"\btime\.sleep\(", path.read_text())]
    assert set(sleepers) <= {"tests/world/leaks.py"}, "wait for a condition: wait_for(condition, within=...)"


def test_no_file_of_tests_without_a_test() -> None:
    files = (ROOT / "tests").rglob("test_*.py")
    assert not [
        str(path.relative_to(ROOT))
        for path in files
        if not re.search(r"^\s*(async )?def test_|TestCase\b", path.read_text(), re.M)
    ]
