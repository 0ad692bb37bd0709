"""`topo down`: what it needs and says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import LAB, Run


def test_down_needs_only_the_name(run: Run, file: Path) -> None:
    for arguments, before in (
        (["shop.yaml"], None),
        (["-f", "shop.yaml"], None),
        (["--name", "shop"], None),
        (["shop.yaml"], "containers: [broken"),
        (["shop.yaml"], ""),
    ):
        file.write_text(LAB)
        assert run("up", "-q", file)[0] == 0
        if before is not None:
            file.write_text(before)
        assert run("down", *arguments) == (0, "Lab shop is down.\n", "")
    file.unlink()
    assert run("down", "shop.yaml") == (0, "Lab shop does not run: nothing to do.\n", "")


def test_down_says_it_in_json_or_not_at_all(run: Run, file: Path) -> None:
    run("up", file)
    assert json.loads(run("down", "--json", file)[1]) == {"lab": "shop", "removed": True}
    assert run("down", "-q", file) == (0, "", "")


def test_down_of_one_lab_leaves_the_other(run: Run, file: Path) -> None:
    run("up", "--name", "a", file)
    run("up", "--name", "b", file)
    run("down", "--name", "a")
    assert run("ls", "-q") == (0, "b\n", "")
    assert run("plan", "--check", "-q", "--name", "b", file)[0] == 0


@pytest.mark.parametrize("running", [(), ("a",), ("a", "b")])
def test_down_does_not_guess(run: Run, file: Path, running: tuple[str, ...]) -> None:
    for name in running:
        run("up", "--name", name, file)
    code, _, err = run("down")
    assert code == 3
    names = ", ".join(running) or "none"
    assert err == f"error: which lab? Running: {names}\n  hint: say it: topo down FILE, or topo down --name LAB\n"
    assert run("ls", "-q")[1].split() == list(running)
