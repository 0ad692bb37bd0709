"""The names of topo's face: what a program may use, and nothing else."""

from __future__ import annotations

import subprocess
import sys

import topo
from tests.house.source import ROOT

NAMES = {
    *("load", "plan", "ahead", "apply", "down", "labs"),
    *("Lab", "State", "Plan", "Change", "Conflict", "Operation", "Report", "Failed", "RunningLab", "Kernel", "TopoError"),
}


def test_the_names_are_pinned() -> None:
    assert set(topo.__all__) == NAMES


def test_what_topo_says_is_documented() -> None:
    assert not [name for name in NAMES if not getattr(topo, name).__doc__]


def test_the_types_are_shipped() -> None:
    assert (ROOT / "topo" / "py.typed").exists()


def test_import_is_light() -> None:
    """Who only asks for the names of labs does not wait for what other commands need."""
    code = "import sys, topo; print(*({'pyroute2', 'rich', 'typer'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
