"""README's blocks are done: `yaml` is the file that its first line names, `console` is typed and must answer so, `python` runs.

`TOPO_PAGES=write pytest tests/test_readme.py` puts the answers of today in their place.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.live.driving import ROOT
from tests.live.pages import differences, installed

README = ROOT / "README.md"


@pytest.mark.live
def test_what_the_readme_shows_is_what_comes(tmp_path: Path) -> None:
    with installed(tmp_path) as folder:
        assert not differences(README, folder)


def test_it_begins_with_the_two_commands() -> None:
    text = README.read_text()
    assert "scripts/demo" in text.partition("```console")[0]
    assert "scripts/test" in text.partition("```console")[0]
