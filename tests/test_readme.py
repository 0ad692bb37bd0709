"""README's blocks are done: `yaml` is the file that its first line names, `console` is typed and must answer so, `python` runs.

`TOPO_README=write pytest tests/test_readme.py` puts the answers of today in their place.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.driving import environment

pytestmark = pytest.mark.live

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"^```(yaml|console|python)\n(.*?)^```$", re.M | re.S)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "topo"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m topo "$@"\n')
    command.chmod(0o755)
    yield tmp_path
    for lab in subprocess.run(
        [command, "ls", "-q"], env=environment(), capture_output=True, text=True, check=True
    ).stdout.split():
        subprocess.run([command, "down", "-q", "--name", lab], env=environment(), check=True)


def typed(command: str, folder: Path) -> str:
    """What a terminal would show."""
    shown = {**environment(), "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "COLUMNS": "120"}
    merged = subprocess.STDOUT
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=shown, stdout=subprocess.PIPE, stderr=merged, text=True, check=False
    ).stdout


def session(block: str, folder: Path) -> str:
    """The block with the answers that come."""
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"{command}\n{typed(command[2:], folder)}" for command in commands)


def answered(text: str, folder: Path) -> str:
    """The page, with every block done in order."""

    def replace(block: re.Match[str]) -> str:
        language, content = block.groups()
        if language == "console":
            return f"```console\n{session(content, folder)}```"
        if language == "python":
            subprocess.run([sys.executable, "-c", content], cwd=folder, env=environment(), check=True)
            return block[0]
        name = re.match(r"# (\S+\.yaml)\n", content)
        assert name, f"a yaml block begins with the name of its file: {content}"
        (folder / name[1]).write_text(content)
        return block[0]

    return BLOCK.sub(replace, text)


def test_what_the_readme_shows_is_what_comes(folder: Path) -> None:
    text = README.read_text()
    found = answered(text, folder)
    if os.environ.get("TOPO_README") == "write":
        README.write_text(found)
    assert found == text


def test_it_begins_with_the_two_commands() -> None:
    text = README.read_text()
    assert "scripts/demo" in text.partition("```console")[0]
    assert "scripts/test" in text.partition("```console")[0]
