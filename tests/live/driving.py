"""Tests -> topo's command line: a document in, exit code, text and JSON out."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.world import leaks

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "topo")
"""`topo`, as a new process."""

LONGEST = 30
"""Seconds after which a command hangs."""

Document = Mapping[str, Any] | str


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str
    files: str = ""
    """What the names of the files begin with that it wrote to."""

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Plan:
    """What `topo plan --json` said."""

    code: int
    data: Mapping[str, Any]

    @property
    def changes(self) -> dict[str, str]:
        """address -> "create", "update", "replace" or "delete"."""
        words = {("create",): "create", ("update",): "update", ("delete", "create"): "replace", ("delete",): "delete"}
        return {change["address"]: words[tuple(change["actions"])] for change in self.data["changes"]}

    @property
    def empty(self) -> bool:
        assert self.data["empty"] == (not self.changes and not self.data["conflicts"])
        return bool(self.data["empty"])


@cache
def _servant() -> subprocess.Popen[bytes]:
    argv = [sys.executable, str(Path(__file__).with_name("servant.py"))]
    process = subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=environment(), start_new_session=True
    )
    leaks.SERVANTS.add(process.pid)
    return process


def environment() -> dict[str, str]:
    """Of every topo that a test starts: the clone's, and plain text."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "200", "TERM": "dumb"}


class Topo:
    """The command line, in a folder of its own. Every file is the document of lab `t`, unless it says otherwise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def write(self, document: Document, name: str = "t.yaml") -> str:
        """JSON is YAML. Returns the name of the file."""
        text = document if isinstance(document, str) else json.dumps(document, indent=1)
        (self.folder / name).write_text(text)
        return name

    def run(self, *argv: str, during: Callable[[int], None] | None = None, kill: tuple[str, int] | None = None) -> Done:
        """Any command, in a fork of the servant. `during` is called with its pid before it begins; `kill`: see points.py."""
        servant, self.count = _servant(), self.count + 1
        out = str(self.folder / f".{self.count}")
        self._say(servant, {"argv": argv, "folder": str(self.folder), "out": out, "wait": bool(during), "kill": kill})
        pid = self._hear(servant)["pid"]
        if during:
            during(pid)
            self._say(servant, {})
        if not select.select([servant.stdout], [], [], LONGEST)[0]:
            os.kill(pid, signal.SIGABRT)  # faulthandler says where it stood
        code = self._hear(servant)["code"]
        if code == -signal.SIGABRT:
            where = Path(f"{out}.err").read_text()
            pytest.fail(f"topo {' '.join(argv)}: not done in {LONGEST} s\n{where}", pytrace=False)
        return Done(code, Path(f"{out}.out").read_text(), Path(f"{out}.err").read_text(), out)

    @staticmethod
    def _say(servant: subprocess.Popen[bytes], words: Mapping[str, Any]) -> None:
        assert servant.stdin
        servant.stdin.write(json.dumps(words).encode() + b"\n")

    @staticmethod
    def _hear(servant: subprocess.Popen[bytes]) -> Any:
        assert servant.stdout
        return json.loads(servant.stdout.readline() or pytest.fail("the servant has died"))

    @staticmethod
    def start_argv(*argv: str) -> list[str]:
        return [*COMMAND, *argv]

    @property
    def environment(self) -> dict[str, str]:
        return environment()

    def start(self, *argv: str) -> subprocess.Popen[str]:
        """Any command, as a new process that goes on beside the test."""
        pipe = subprocess.PIPE
        return subprocess.Popen([*COMMAND, *argv], cwd=self.folder, env=environment(), text=True, stdout=pipe, stderr=pipe)

    def ok(self, *argv: str) -> Done:
        """A command that must succeed."""
        done = self.run(*argv)
        if done.code:
            pytest.fail(f"topo {' '.join(argv)}: exit {done.code}\n{done.out}\n{done.err}", pytrace=False)
        return done

    def up(self, document: Document, *argv: str) -> Done:
        return self.ok("up", self.write(document), *argv)

    def plan(self, document: Document, *argv: str) -> Plan:
        done = self.run("plan", self.write(document), "--json", *argv)
        if done.code not in (0, 4):
            pytest.fail(f"topo plan: exit {done.code}\n{done.out}\n{done.err}", pytrace=False)
        return Plan(done.code, done.json)

    def settled(self, document: Document) -> None:
        """The plan is empty, and says so by every road."""
        plan = self.plan(document)
        assert plan.empty, json.dumps(plan.data["changes"] or plan.data["conflicts"], indent=1)
        assert self.run("plan", "--check", self.write(document)).code == 0

    def down(self, name: str = "t") -> Done:
        return self.ok("down", "--name", name)
