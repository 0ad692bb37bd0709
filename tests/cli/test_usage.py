"""What typer says goes out in our words, with our exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from topo.cli import main

COMMANDS = ("up", "down", "plan", "ps", "ls", "exec", "show", "config")
HEAVY = ("yaml", "jsonschema", "pyroute2", "rich", "topo.kernel.linux", "topo.document", "topo.resolver")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example_in_its_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    out = capsys.readouterr().out
    assert f"Examples:\n    topo {command}" in out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_a_file_and_a_name(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([command, "--help"])
    out = capsys.readouterr().out
    assert "-f, --file" in out
    assert "--name" in out


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "exec"])
def test_every_command_that_prints_can_print_json(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([command, "--help"])
    assert "--json" in capsys.readouterr().out


def test_no_arguments_is_a_question_for_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("Usage: topo")


def test_a_wrong_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--wrong"]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: no such option: --wrong")
    assert said.err.endswith("  hint: see `topo plan --help`\n")


def test_a_wrong_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upp"]) == 3
    assert "error: no such command 'upp'" in capsys.readouterr().err


def test_usage_errors_of_exec_have_dockers_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exec", "web"]) == 125
    assert "error: missing argument" in capsys.readouterr().err


def test_with_json_errors_are_json_on_stdout(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text("networks:\n  lan: {subnet: 10.0.0.1/24, mtuu: 3}\n")
    assert main(["config", str(file), "--json"]) == 3
    said = capsys.readouterr()
    assert said.err == ""
    errors = json.loads(said.out)["errors"]
    assert [error["where"]["line"] for error in errors] == [2, 2]
    assert errors[0]["path"] == "networks.lan.subnet"
    assert errors[0]["hint"] == "write 10.0.0.0/24"
    assert all(error["exit_code"] == 3 for error in errors)


def test_all_errors_of_a_file_are_told_each_with_its_hint(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text("networks:\n  lan: {subnet: 10.0.0.1/24, mtuu: 3}\n")
    assert main(["config", str(file)]) == 3
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == [
        f"error: {file}:2:17: networks.lan.subnet: 10.0.0.1/24 has host bits set",
        "  hint: write 10.0.0.0/24",
    ]
    assert len([line for line in lines if line.startswith("error: ")]) == 2


def test_help_is_quick_because_it_imports_nothing_heavy() -> None:
    code = f"import sys; from topo.cli import main; main(['--help']); print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text("containers: {" + ", ".join(f"c{number}: " for number in range(900)) + "}\n")
    command = f"{sys.executable} -m topo config {file} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout == "name: lab\n0\n"
    assert done.stderr == ""


def test_the_unexpected_is_one_line_and_a_log(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(path: object, **more: object) -> None:
        raise RuntimeError("the sky fell")

    monkeypatch.setattr("topo.load", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["config", "lab.yaml"]) == 1
    line, hint = capsys.readouterr().err.splitlines()
    assert line == "error: this should not happen: RuntimeError: the sky fell"
    log = Path(hint.removeprefix("  hint: the whole story is in "))
    assert "Traceback" in log.read_text()


def test_an_output_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text("containers: {a: }\n")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "topo", "config", str(file)], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (1, "error: the output cannot be written: No space left on device\n")


def test_a_closed_output_is_written_to_nobody(tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_text("containers: {a: }\n")
    command = f"{sys.executable} -m topo config {file} >&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_version_is_the_distributions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"topo {version('topo-lab')}\n"
