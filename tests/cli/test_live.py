"""The command on a real kernel: what it becomes, how it is stopped, who may run it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
TOPO = (sys.executable, "-m", "topo")
LAB = "containers: {web: , db: {networks: [{network: default, aliases: [sql]}]}}\n"
NOBODY = 65534


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(LAB)
    return path


def topo(*arguments: object, **more: object) -> subprocess.CompletedProcess[str]:
    words = [*TOPO, *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=False, **more)  # type: ignore[call-overload,no-any-return]


def started(*arguments: object) -> subprocess.Popen[str]:
    words = [*TOPO, *map(str, arguments)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)


def test_a_file_becomes_a_lab_that_talks_by_name_and_goes(file: Path) -> None:
    assert topo("up", file).returncode == 0
    plan = topo("plan", "--check", file)
    assert (plan.returncode, plan.stderr) == (0, "")
    assert plan.stdout.startswith("No changes. ")
    assert topo("exec", "web", "--", "ping", "-c1", "-W2", "sql").returncode == 0
    show = json.loads(topo("show", "--json").stdout)
    web = next(container for container in show["containers"] if container["name"] == "web")
    lo, eth0 = web["interfaces"]
    assert (lo["index"], eth0["index"]) == (1, 2)
    assert eth0["port"]["state"] == "forwarding"
    end = next(one for one in show["fabric"]["interfaces"] if one["name"] == "web.eth0")
    assert (end["index"], end["peer"]["index"]) == (eth0["peer"]["index"], eth0["index"])
    assert topo("down", file).stdout == "Lab shop is down.\n"
    assert topo("ls", "-q").stdout == ""


def test_what_is_waited_for_is_a_stage_of_its_own(file: Path) -> None:
    assert {"apply", "verify"} <= {line.split()[0] for line in topo("up", file, "--timings").stderr.splitlines()}
    assert {"apply", "wait"} <= {line.split()[0] for line in topo("down", file, "--timings").stderr.splitlines()}


def test_exec_is_the_command(file: Path) -> None:
    topo("up", file)
    try:
        done = topo("exec", "web", "--", "sh", "-c", "cat; echo $1 >&2; exit 7", "sh", "-x", input="stdin\n")
        assert (done.returncode, done.stdout, done.stderr) == (7, "stdin\n", "-x\n")
        assert topo("exec", "web", "no-such-command").returncode == 127
        assert topo("exec", "web", "/").returncode == 126
        assert topo("exec", "nobody", "true").returncode == 125
        process = started("exec", "web", "sh", "-c", "echo here; exec sleep 60")
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == -signal.SIGTERM
        process.communicate()
    finally:
        topo("down", file)


def test_a_saved_plan_is_applied_exactly_or_not_at_all(file: Path, tmp_path: Path) -> None:
    saved = tmp_path / "plan.json"
    try:
        for text in (LAB, LAB.replace("sql", "pg"), "containers: {web: {networks: [{network: default, mtu: 1400}]}}\n"):
            file.write_text(text)
            planned = topo("plan", "-o", saved, file)
            done = topo("up", "--plan", saved)
            assert (planned.returncode, done.returncode, done.stderr) == (0, 0, planned.stderr)
            assert topo("plan", "--check", "-q", file).returncode == 0
            assert topo("up", "--plan", saved).returncode == 4
    finally:
        topo("down", file)


def test_ctrl_c_stops_up_and_up_goes_on(file: Path) -> None:
    file.write_text("containers: {c: {replicas: 300}}\n")
    process = started("up", "-v", file)
    try:
        assert process.stderr is not None
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "  pending\n" in out
        assert "error: interrupted\n" in err
        assert topo("up", "-q", file).returncode == 0
        assert topo("plan", "--check", "-q", file).returncode == 0
    finally:
        process.kill()
        topo("down", file)


def test_ctrl_c_does_not_stop_down(file: Path) -> None:
    topo("up", file)
    stubborn = started("exec", "--name", "shop", "web", "sh", "-c", "trap '' TERM; echo here; while :; do sleep 1; done")
    assert stubborn.stdout is not None
    stubborn.stdout.readline()
    process = started("down", "-v", "--timeout", "1", file)
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "Lab shop is down.\n")
    assert "the lab is going down; that is not stopped half way\n" in err
    assert stubborn.wait(10) == -signal.SIGKILL
    stubborn.communicate()
    assert topo("ls", "-q").stdout == ""


def test_who_is_not_root_is_told_so(file: Path) -> None:
    topo("up", file)
    try:
        for words in ("up --name shop -", "plan --name shop -", "ps", "show", "exec web true", "down --name shop"):
            done = as_nobody(file, words)
            assert done.returncode == (125 if words.startswith("exec") else 1), done
            error, hint = done.stderr.splitlines()
            assert error.startswith("error: ")
            assert hint.startswith("  hint: ")
            assert "root" in hint
    finally:
        topo("down", file)


def as_nobody(file: Path, words: str) -> subprocess.CompletedProcess[str]:
    """Where only root can read the code, it must be loaded before."""
    code = (
        "import os, pkgutil, sys, importlib, topo\n"
        "for module in pkgutil.walk_packages(topo.__path__, 'topo.'):\n"
        "    importlib.import_module(module.name)\n"
        "main = sys.modules['topo.cli'].main; main(['plan', '-q', sys.argv.pop(1)])\n"
        f"os.chdir('/'); os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, str(file), *words.split()]
    return subprocess.run(command, input=LAB, capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=False)
