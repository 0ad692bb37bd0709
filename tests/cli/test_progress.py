"""What is seen while operations are done."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from tests.views.plans import OPERATIONS, PLAN
from topo.cli import output
from topo.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def work(progress: Progress, clock: list[float], seconds: float) -> None:
    with progress:
        progress.planned(PLAN)
        for operation in OPERATIONS:
            clock[0] += seconds
            progress.done(operation)


def test_a_long_command_shows_a_line_and_clears_it(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    work(Progress(verbose=False, quiet=False), clock, 0.6)
    text = terminal.getvalue()
    assert text.startswith("\r\x1b[Kshop: 2 of 7 operations\r\x1b[Kshop: 3 of 7 operations")
    assert text.endswith("\r\x1b[K")


@pytest.mark.parametrize(("seconds", "quiet", "stream"), [(0.1, False, Terminal), (9, True, Terminal), (9, False, io.StringIO)])
def test_else_there_is_none(
    monkeypatch: pytest.MonkeyPatch, clock: list[float], seconds: float, quiet: bool, stream: Any
) -> None:
    written = stream()
    monkeypatch.setattr("sys.stderr", written)
    work(Progress(verbose=False, quiet=quiet), clock, seconds)
    assert written.getvalue() == ""


def test_verbose_says_each_operation(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    work(Progress(verbose=True, quiet=False), clock, 9)
    assert len(written.getvalue().splitlines()) == len(OPERATIONS)
    assert "ip -n topo.shop link add front address 02:42:00:00:00:01 mtu 1500 up type bridge\n" in written.getvalue()


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert output.colour(Terminal())
    assert not output.colour(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not output.colour(Terminal())
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not output.colour(Terminal())


def test_what_the_terminal_cannot_show_is_escaped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with open(tmp_path / "out", "w", encoding="ascii") as stream:
        monkeypatch.setattr("sys.stdout", stream)
        output.show("größe\n")
    assert (tmp_path / "out").read_text() == "gr\\xf6\\xdfe\n"
