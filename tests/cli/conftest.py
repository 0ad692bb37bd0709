"""A command on a kernel in memory, in a folder with a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from topo.cli import main
from topo.kernel.fake import FakeKernel

Run = Callable[..., tuple[int, str, str]]

LAB = """\
networks:
  front: {subnet: 10.0.0.0/24}
containers:
  web: {networks: [front]}
  db: {networks: [front]}
"""


@pytest.fixture
def kernel() -> FakeKernel:
    return FakeKernel()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("shop.yaml")
    path.write_text(LAB)
    return path


@pytest.fixture
def run(kernel: FakeKernel, file: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("up", "shop.yaml")` -> (exit code, stdout, stderr)."""

    def command(*arguments: Any) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments], kernel=kernel)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def edit(file: Path, old: str, new: str) -> None:
    file.write_text(file.read_text().replace(old, new))
