"""`topo exec` becomes the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from topo.kernel.fake import Entered


def test_exec_becomes_the_command(run: Run, file: Path) -> None:
    run("up", file)
    for arguments in (["web", "--", "ls", "-l", "--all"], ["--name", "shop", "web", "ls", "-l", "--all"]):
        with pytest.raises(Entered) as entered:
            run("exec", *arguments)
        assert entered.value.args == ("shop", "web", ("ls", "-l", "--all"))


def test_exec_into_nothing_is_125(run: Run, file: Path) -> None:
    assert run("exec", "web", "ls")[0] == 125
    run("up", file)
    code, _, err = run("exec", "nobody", "ls")
    assert code == 125
    assert err.startswith("error: lab shop has no container nobody")
    assert run("exec", "web", "--")[0] == 125


def test_an_empty_word_is_no_command(run: Run, file: Path) -> None:
    run("up", file)
    assert run("exec", "web", "--", "") == (127, "", "error: '' is no command\n")
