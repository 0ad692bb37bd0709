"""Every wrong file in tests/errors, and the exact words for it. TOPO_REGENERATE=1 writes the words anew, to be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from topo import load
from topo.errors import DocumentErrors

FOLDER = Path(__file__).parent.parent / "errors"
FILES = sorted(FOLDER.glob("*.yaml"))


def words(file: Path) -> str:
    """What a person reads for a wrong file, which is named as they named it."""
    with pytest.raises(DocumentErrors) as caught:
        load(file.name)
    lines = []
    for error in caught.value.errors:
        lines.append(f"error: {error}")
        if error.hint:
            lines.append(f"  hint: {error.hint}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_words_are_these(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    found = words(file)
    expected = file.with_suffix(".txt")
    if os.environ.get("TOPO_REGENERATE") == "1":
        expected.write_text(found)
    assert found == expected.read_text()


def test_there_are_many_and_each_text_has_its_file() -> None:
    assert len(FILES) >= 100
    assert {file.stem for file in FILES} == {file.stem for file in FOLDER.glob("*.txt")}
