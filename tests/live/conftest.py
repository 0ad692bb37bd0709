"""`topo`: the command line in a folder of its own, and no lab left when the test failed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.driving import Topo


@pytest.fixture
def topo(tmp_path: Path) -> Iterator[Topo]:
    """A test takes its lab down itself, if that is what it tests; here goes what is left."""
    driver = Topo(tmp_path)
    yield driver
    left = driver.run("ls", "--json")
    for lab in json.loads(left.out or "[]"):
        name = lab["lab"] if "lab" in lab else lab["name"]
        assert driver.run("down", "--name", name, "--timeout", "1").code == 0
