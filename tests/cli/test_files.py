"""Which file is read, what is told of a wrong one, and what Ctrl-C does."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

import topo
from tests.cli.conftest import Run
from topo.kernel.fake import FakeKernel


def test_the_file_is_found_here_or_above(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.rename("topo.yaml")
    Path("below").mkdir()
    monkeypatch.chdir("below")
    assert run("up", "--name", "shop")[0] == 0
    assert run("plan", "--check", "-q", "--name", "shop")[0] == 0


def test_every_error_of_a_file_is_told_and_nothing_is_touched(run: Run, file: Path, kernel: FakeKernel) -> None:
    file.write_text("networks:\n  a: {subnet: 10.0.0.1/24}\n  b: {mtuu: 1}\n")
    for command in ("up", "plan", "config"):
        code, out, err = run(command, file)
        assert (code, out) == (3, "")
        assert [line for line in err.splitlines() if line.startswith("error: shop.yaml:")]
        assert err.count("error: ") == 2
    assert kernel.executed == []


def test_a_name_that_no_file_can_have_is_told(run: Run) -> None:
    for command in ("up", "plan", "config"):
        for name in ("x" * 5000, "x/" * 3000):
            code, _, err = run(command, name)
            assert code == 3
            assert "File name too long" in err


def test_ctrl_c_stops_between_two_operations(run: Run, file: Path, kernel: FakeKernel, monkeypatch: pytest.MonkeyPatch) -> None:
    executed = FakeKernel.execute

    def execute(self: FakeKernel, operations: Any) -> Any:
        if len(kernel.executed) > 3:
            signal.raise_signal(signal.SIGINT)
        return executed(self, operations)

    with monkeypatch.context() as patch:
        patch.setattr(FakeKernel, "execute", execute)
        code, out, err = run("up", file)
    assert code == 130
    assert "pending" in out
    assert err == (
        "stopping after the operations under way ...\n"
        "error: interrupted\n"
        "  hint: what is done stays; `topo up` again goes on from there\n"
    )
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert not topo.plan(topo.load(file), kernel=kernel).empty
    assert run("up", file)[0] == 0


def test_ctrl_c_before_anything_is_changed_just_ends(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def observe(self: FakeKernel, scope: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(FakeKernel, "observe", observe)
    assert run("up", file) == (130, "", "interrupted\n")
