"""The floor builds labs that work, and nothing of them stays; topo is measured beside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench import pings
from bench.documents import Shape
from bench.groups import Bench, lab
from bench.tools import Tools

pytestmark = pytest.mark.live


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    if not shutil.which("cc"):
        if os.environ.get("CI") == "true":
            pytest.fail("in CI every test runs, but there is no C compiler", pytrace=False)
        pytest.skip("no C compiler (scripts/test installs one)")
    beside = Path(sys.executable).parent
    return Tools(beside / "topo", beside / "python", tmp_path)


def pins(containers: int) -> dict[Path, str]:
    return {Path(f"/run/netns/floor{each}"): "10.0.0.1" for each in range(containers)}


def shown(namespace: str, *what: str) -> str:
    return subprocess.run(["ip", "-n", namespace, *what], check=True, capture_output=True, text=True).stdout


def test_a_lab_of_the_floor_works(tools: Tools) -> None:
    shape = Shape(3, ipv6=True, routes=2)
    stages = tools.floor("up", shape).out.split()[::2]
    assert stages == ["namespaces", "cables", "insides", "ports"]
    assert pings.answers(pins(3)) == 3
    assert "10.0.0.4/20" in shown("floor2", "address")
    assert "fd00::4/64 scope global nodad" in shown("floor2", "address")
    assert "fe80" not in shown("floor2", "address") + shown("floor3", "address")
    assert "default via fd00::1" in shown("floor2", "-6", "route")
    assert "100.0.1.0/24 via 10.0.0.1" in shown("floor0", "route")
    tools.floor("dump", shape)
    tools.floor("down", shape)


@pytest.mark.parametrize("word", ["acks=1", "early=1", "fe80=1", "snooping=1", "batch=1"])
def test_the_other_choices_build_it_too(tools: Tools, word: str) -> None:
    tools.floor("up", Shape(2), word)
    assert pings.answers(pins(2)) == 2
    tools.floor("down", Shape(2), word)


def test_containers_are_spread_over_bridges(tools: Tools) -> None:
    shape = Shape(4, bridges=4, networks=2)
    tools.floor("up", shape)
    assert "10.0.48.5/20" in shown("floor3", "address", "show", "dev", "eth0")
    assert "10.0.0.5/20" in shown("floor3", "address", "show", "dev", "eth1")
    tools.floor("down", shape)


def test_topo_and_the_floor_are_measured_in_one_turn(tools: Tools) -> None:
    numbers = lab(Bench(tools, 3))
    assert numbers["answers"] == 3
    assert numbers["left"] == 0
    assert all(numbers[name] > 0 for name in ("floor up", "floor dump", "floor down", "up", "plan", "edit", "down", "peak"))
