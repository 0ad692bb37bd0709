"""The pages say what the code says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOMS, ROOT
from topo.networks import DRIVERS
from topo.objects import KINDS

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_what_is_generated_is_up_to_date(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(ROOT / "scripts" / "generate"), str(tmp_path)], check=True)
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert path.read_text() == (ROOT / path.relative_to(tmp_path)).read_text(), "run scripts/generate"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(r"\]\(([^)#:]+)[)#]", page.read_text())
    assert not [name for name in named if not (page.parent / name).exists()]


def test_every_kind_has_its_place_in_the_pages() -> None:
    page = (ROOT / "docs" / "replaced.md").read_text()
    assert not [name for name in KINDS if f"## {name}\n" not in page and name != "interface"]
    page = (ROOT / "docs" / "file.md").read_text()
    assert not [name for name in DRIVERS if f"`{name}`" not in page]
    assert not [option for driver in DRIVERS.values() for option in driver.options if f"`{option}`" not in page]


def test_contributing_leads_through_every_room() -> None:
    page = (ROOT / "docs" / "contributing.md").read_text()
    assert not [room for room in ROOMS if f"`{room}" not in page]
