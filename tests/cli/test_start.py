"""Ctrl-C while the command still starts: one word, and no traceback."""

from __future__ import annotations

import subprocess
import sys

import pytest

_CODE = """
import sys, topo.cli
class Interrupted:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[-1]:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
topo.cli.main()
"""


@pytest.mark.parametrize("module", ["topo.cli.application", "typer", "topo.cli.timing"])
def test_it_is_said_in_a_word(module: str) -> None:
    done = subprocess.run([sys.executable, "-c", _CODE, "ls", module], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "interrupted\n")
