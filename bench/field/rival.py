"""What a rival is: a way to build the lab of N containers on one bridge, and to take it down."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.processes import Failed, spend
from bench.tools import HERE, Tools

PYTHON = HERE.parent / ".venv" / "rivals" / "bin" / "python"
"""Of the environment that `bench/rivals --install` makes."""

SUBNET, GATEWAY = "10.0.0.0/20", "10.0.0.1"


def address(container: int) -> str:
    """As in floor.c."""
    host = container + 2
    return f"10.0.{host >> 8}.{host & 255}"


@dataclass(frozen=True)
class Place:
    """Where to work: `folder` is empty and the rival's own."""

    tools: Tools
    folder: Path


Lab = Callable[[Place, int], AbstractContextManager[object]]


def _no_service(place: Place) -> AbstractContextManager[object]:
    return nullcontext()


@dataclass(frozen=True)
class Rival:
    """needs: programs, or files, without which it is skipped. lab: entered, the lab is there; left, it is gone.

    service: what must run before, and is not measured. most: containers that it is asked for.
    """

    name: str
    needs: Sequence[str | Path]
    lab: Lab
    service: Callable[[Place], AbstractContextManager[object]] = _no_service
    most: int = 1000

    def missing(self) -> list[str]:
        """What it needs that is not here."""
        return [Path(each).name for each in self.needs if not shutil.which(str(each))]


def run(*argv: str | Path) -> str:
    """A command that must succeed -> what it prints. Raises Failed."""
    return spend(argv).out


@contextmanager
def talking(*argv: str | Path) -> Iterator[None]:
    """A script (PYTHON -P SCRIPT ...) that builds, prints `up`, waits for a line, takes down and ends. Raises Failed."""
    with subprocess.Popen(
        list(map(str, argv)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as child:
        assert child.stdin
        assert child.stdout
        said = []
        for line in child.stdout:
            if line.strip() == "up":
                break
            said.append(line)
        else:
            raise Failed(f"{Path(argv[2]).name}: {''.join(said)[-1500:]}")
        yield
        child.stdin.write("\n")
        child.stdin.close()
        said = child.stdout.readlines()
    if child.returncode:
        raise Failed(f"{Path(argv[2]).name}: {''.join(said)[-1500:]}")


@contextmanager
def no_new_cgroups(*names: str) -> Iterator[None]:
    """Cgroups are of the machine, not of a namespace: those of these names that were not there before go, when they are empty."""
    found = {name: set(_cgroups(name)) for name in names}
    yield
    for name in names:
        for folder in sorted(set(_cgroups(name)) - found[name], reverse=True):
            with suppress(OSError):
                folder.rmdir()


def _cgroups(name: str) -> Iterator[Path]:
    for top in Path("/sys/fs/cgroup").glob(f"*/{name}"), Path("/sys/fs/cgroup").glob(name):
        for folder in top:
            yield from (folder, *(inner for inner in folder.rglob("*") if inner.is_dir()))
