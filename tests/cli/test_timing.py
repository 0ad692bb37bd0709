"""--timings and TOPO_TIMINGS: the stages of a command, on stderr."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from topo.timings import STAGES

LINE = re.compile(r"(\w+) +([0-9.]+) ms +([0-9]+)%")


def stages(err: str) -> dict[str, float]:
    """stage -> milliseconds, of a table."""
    rows = [LINE.fullmatch(line) for line in err.splitlines()]
    return {row[1]: float(row[2]) for row in rows if row}


@pytest.mark.parametrize(
    ("arguments", "own"),
    [
        (("up", "shop.yaml"), {"load", "validate", "resolve", "observe", "plan", "apply", "verify", "print"}),
        (("plan", "shop.yaml"), {"load", "validate", "resolve", "observe", "plan", "print"}),
        (("plan", "--from", "shop.yaml", "shop.yaml"), {"load", "validate", "resolve", "plan", "print"}),
        (("config", "shop.yaml"), {"load", "validate", "resolve", "print"}),
        (("ps",), {"observe", "print"}),
        (("show",), {"observe", "print"}),
        (("ls",), {"observe", "print"}),
        (("down", "shop.yaml"), {"apply"}),
    ],
)
def test_each_command_tells_its_stages(run: Run, file: Path, arguments: tuple[str, ...], own: set[str]) -> None:
    if arguments[0] != "up":
        run("up", file)
    _, out, err = run(*arguments, "--timings")
    assert out
    found = stages(err)
    assert set(found) == own | {"rest", "total"}
    assert set(found) - {"total"} <= set(STAGES)
    assert found.pop("total") == pytest.approx(sum(found.values()), abs=0.1 * len(found))


def test_the_environment_asks_too(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPO_TIMINGS", "1")
    assert "total" in stages(run("config", file)[2])
    for off in ("", "0"):
        monkeypatch.setenv("TOPO_TIMINGS", off)
        assert run("config", file)[2] == ""


def test_json_stays_as_it_is(run: Run, file: Path) -> None:
    plain = run("plan", file, "--json")
    _, out, err = run("plan", file, "--json", "--timings")
    assert json.loads(out) == json.loads(plain[1])
    assert "total" in stages(err)


def test_a_command_that_fails_tells_them_too(run: Run, file: Path) -> None:
    file.write_text("networks: {lan: {subnet: 10.0.0.1/24}}\n")
    code, _, err = run("plan", file, "--timings")
    assert code == 3
    assert err.startswith("error: ")
    assert set(stages(err)) == {"load", "validate", "resolve", "rest", "total"}


def test_exec_hands_the_option_on(run: Run, file: Path) -> None:
    run("up", file)
    assert not stages(run("exec", "nobody", "--", "ls", "--timings")[2])


def test_a_process_of_its_own_counts_from_its_start(tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text("containers: {a: }\n")
    command = [sys.executable, "-m", "topo", "config", str(file), "--timings"]
    found = stages(subprocess.run(command, capture_output=True, text=True, check=True).stderr)
    assert found["start"] > 0
    assert next(iter(found)) == "start"
