"""A kind of network is one file: here one is added to a copy of topo, and a document uses it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.house.source import TOPO

DRIVER = '''
"""Segment, ports -> a cable that remembers how long it is: the smallest kind of network that one can add."""

from __future__ import annotations

from msgspec.structs import replace

from topo.networks import bridge

DRIVER = replace(
    bridge.DRIVER,
    name="hose",
    summary="a bridge with a length",
    options=bridge.DRIVER.options
    | {"length": {"type": "integer", "minimum": 1, "default": 3, "description": "in metres", "examples": [5]}},
)
'''

DOCUMENT = """
networks:
  garden: {driver: hose, length: 20, subnet: 10.9.0.0/24}
containers:
  tap: {networks: [garden]}
"""

PROGRAM = """
import sys
import topo
from topo.networks import DRIVERS
from topo.resolver import resolve
assert "hose" in DRIVERS
lab = topo.load(sys.argv[1])
assert lab.networks[0].options["length"] == 20, lab.networks
print(*sorted(thing.address for thing in resolve(lab).objects.values()))
"""


def test_one_file_is_enough(tmp_path: Path) -> None:
    shutil.copytree(TOPO, tmp_path / "topo", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "topo" / "networks" / "hose.py").write_text(DRIVER.lstrip())
    (tmp_path / "garden.yaml").write_text(DOCUMENT)
    argv = [sys.executable, "-c", PROGRAM, "garden.yaml"]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert not done.stderr
    assert {"networks/garden", "networks/garden/10.9.0.1/24", "containers/tap/eth0/10.9.0.2/24"} <= set(done.stdout.split())


def test_what_it_does_not_know_is_an_error_of_the_document(tmp_path: Path) -> None:
    shutil.copytree(TOPO, tmp_path / "topo", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "topo" / "networks" / "hose.py").write_text(DRIVER.lstrip())
    (tmp_path / "garden.yaml").write_text(DOCUMENT.replace("length: 20", "length: 0"))
    argv = [sys.executable, "-c", PROGRAM, "garden.yaml"]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "garden.yaml:3:" in done.stderr
    assert "length" in done.stderr
