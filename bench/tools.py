"""This machine -> the commands that are measured: topo, the floor and what they are held to."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.documents import Shape
from bench.processes import Spent, spend

HERE = Path(__file__).parent

MINIMAL = """\
import typer

app = typer.Typer()


@app.command()
def hello(name: str) -> None:
    print(name)


app()
"""
"""The least that is a typer application."""


@dataclass(frozen=True)
class Tools:
    """`command`: topo's; `python`: of the same environment; `folder`: for the documents and the floor, which is built there."""

    command: Path
    python: Path
    folder: Path

    def __post_init__(self) -> None:
        """Builds the floor. Exits when there is no C compiler."""
        if not (compiler := shutil.which("cc")):
            sys.exit("bench: no C compiler here: install gcc and libc6-dev")
        if subprocess.run([compiler, "-O2", "-o", self.folder / "floor", HERE / "floor.c"], check=False).returncode:
            sys.exit("bench: the floor does not compile here: libc6-dev has what it includes")
        (self.folder / "minimal.py").write_text(MINIMAL)

    def topo(self, *argv: str | Path) -> Spent:
        """`topo ARGV`, whole."""
        return spend([self.command, *argv])

    def floor(self, command: str, shape: Shape, *words: str) -> Spent:
        """`floor COMMAND` of a lab, whole. words: more options of it."""
        return spend([self.folder / "floor", command, *shape.words(), *words])

    def still_going(self) -> float:
        """Seconds that the kernel still works on what was let go of before; the wait itself does not count."""
        first, second = (spend([self.folder / "floor", "gone"]).seconds for _ in range(2))
        return max(0.0, first - second)

    def reference(self, *argv: str | Path) -> Spent:
        """`python ARGV`, whole."""
        return spend([self.python, *argv])

    def lab(self, name: str, shape: Shape) -> Path:
        """The file of a lab that is called `name`."""
        path = self.folder / f"{name}.yaml"
        path.write_text(shape.document())
        return path


def at_least_one(text: str) -> int:
    """A number of the command line. Raises ValueError, which argparse makes words of."""
    if (number := int(text)) < 1:
        raise ValueError
    return number


def find_topo(asked: str | None) -> Path:
    """The command: as asked for, or the one of .venv, of the Python that runs this, of PATH."""
    beside = [HERE.parent / ".venv" / "bin" / "topo", Path(sys.executable).parent / "topo"]
    found: Sequence[str | Path | None] = [asked] if asked else [*beside, shutil.which("topo")]
    for path in found:
        if path and Path(path).exists():
            return Path(path).absolute()
    sys.exit("bench: there is no topo here: run scripts/prepare, or say --topo COMMAND")
