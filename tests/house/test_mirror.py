"""Tests lie where the code lies: tests/planner/test_order.py for topo/planner/order.py."""

from __future__ import annotations

from tests.house.source import ROOMS, ROOT

OWN = {"house", "live", "machines", "world"}
"""Folders of tests that are about the whole, and what they stand on."""


def test_every_folder_of_tests_is_a_room() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and not path.name.startswith((".", "_"))}
    assert folders - OWN <= {*ROOMS, "errors", "plans"}


def test_every_room_has_tests() -> None:
    rooms = {path.name for path in (ROOT / "topo").iterdir() if (path / "__init__.py").exists()}
    assert not [room for room in rooms if not list((ROOT / "tests" / room).rglob("test_*.py"))]
