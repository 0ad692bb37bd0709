"""Tests lie where the code lies: tests/planner/test_order.py for topo/planner/order.py."""

from __future__ import annotations

import pytest

from tests.house.source import ROOMS, ROOT
from topo.kernel.linux.codec import all_codecs

OWN = {"bench", "counts", "house", "live", "machines", "world"}
"""Folders of tests that are about the whole, and what they stand on."""

LINUX = ROOT / "tests" / "kernel" / "linux"


def test_every_folder_of_tests_is_a_room() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and not path.name.startswith((".", "_"))}
    assert folders - OWN <= {*ROOMS, "errors", "plans"}


def test_every_room_has_tests() -> None:
    rooms = {path.name for path in (ROOT / "topo").iterdir() if (path / "__init__.py").exists()}
    assert not [room for room in rooms if not list((ROOT / "tests" / room).rglob("test_*.py"))]


def test_every_module_of_tests_of_codecs_is_about_one() -> None:
    assert {path.stem.removeprefix("test_") for path in (LINUX / "codecs").glob("test_*.py")} <= set(all_codecs())


@pytest.mark.parametrize("kind", all_codecs())
def test_every_codec_is_held_to_something(kind: str) -> None:
    """By a module of its own; or its bytes are compared with pyroute2's, beside those of the other messages of links."""
    compared = f"topo.objects.{kind} import" in (LINUX / "test_messages.py").read_text()
    assert compared or (LINUX / "codecs" / f"test_{kind}.py").exists()


@pytest.mark.parametrize("name", [path.stem for path in sorted((ROOT / "topo" / "networks").glob("*.py"))])
def test_every_kind_of_network_is_tried(name: str) -> None:
    tests = ROOT / "tests" / "networks"
    reserved = f'"{name}"' in (tests / "test_drivers.py").read_text()
    assert reserved or name in ("__init__", "driver") or (tests / f"test_{name}.py").exists()
