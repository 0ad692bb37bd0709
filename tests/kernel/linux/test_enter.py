"""The command is in the container, with its names, and nothing stands between it and the terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest

from tests.kernel.linux.inside import ended
from topo.errors import UsageError
from topo.kernel.linux import atomic, enter, folders, namespaces, pins, remove

pytestmark = pytest.mark.live

LAB = "entered"
ENTER = f"import sys; from topo.kernel.linux.enter import enter; enter({LAB!r}, sys.argv[1], sys.argv[2:])"


@pytest.fixture(autouse=True)
def _lab() -> Iterator[None]:
    for name in ("topo.entered", "topo.entered.web"):
        namespaces.create(name)
    atomic.write(LAB, folders.hosts(LAB) / "front", "10.0.0.2\tweb www\t# 0\n10.0.0.3\tdb\t# 0\n")
    atomic.write(LAB, folders.containers(LAB) / "probe" / "host", "")
    yield
    assert remove.remove(LAB, grace=0) == []


def command(*argv: str) -> list[str]:
    return [sys.executable, "-c", ENTER, *argv]


def run(*argv: str, given: str = "", environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*argv), input=given, capture_output=True, text=True, env={**os.environ, **(environment or {})}, check=False
    )


def said(*argv: str) -> str:
    done = run(*argv)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_names_are_the_container_s() -> None:
    assert said("web", "cat", "/etc/hosts").splitlines()[2:] == ["10.0.0.2\tweb www", "10.0.0.3\tdb"]
    assert said("web", "getent", "hosts", "db").split() == ["10.0.0.3", "db"]
    assert said("web", "hostname") == "web\n"
    assert "nameserver" not in said("web", "cat", "/etc/resolv.conf")


def test_the_network_is_the_container_s_in_sysfs_too() -> None:
    assert said("web", "ls", "/sys/class/net") == "lo\n"
    assert f"net:[{pins.inode('topo.entered.web')}]" in said("web", "readlink", "/proc/self/ns/net")


def test_the_machine_sees_nothing_of_it() -> None:
    before = [open_and_read(path) for path in ("/etc/hosts", "/etc/hostname", "/proc/self/mountinfo")]
    assert said("web", "sh", "-c", "echo 192.0.2.1 own >> /etc/hosts; tail -1 /etc/hosts") == "192.0.2.1 own\n"
    assert [open_and_read(path) for path in ("/etc/hosts", "/etc/hostname", "/proc/self/mountinfo")] == before
    assert os.uname().nodename != "web"


def open_and_read(path: str) -> str:
    with open(path) as file:
        return file.read()


def test_streams_environment_and_exit_code_pass_through() -> None:
    done = run("web", "sh", "-c", 'cat; echo "$COLOUR" >&2; exit 42', given="hello", environment={"COLOUR": "green"})
    assert (done.stdout, done.stderr, done.returncode) == ("hello", "green\n", 42)


def test_a_signal_ends_the_command_and_not_a_process_before_it() -> None:
    process = subprocess.Popen(command("web", "sh", "-c", "echo ready; exec sleep 60"), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    assert ended(process) == -signal.SIGINT


def test_no_signal_is_ignored_that_the_caller_did_not_ignore() -> None:
    assert int(said("web", "grep", "SigIgn", "/proc/self/status").split()[1], 16) == 0


@pytest.mark.parametrize(("program", "code"), [("no-such-program", 127), ("/etc/hosts", 126), ("/etc/hosts/x", 127)])
def test_what_cannot_be_executed_is_said(program: str, code: int) -> None:
    done = run("web", program)
    assert done.returncode == code
    assert done.stderr.startswith(f"topo: {program}: ")


def test_a_container_in_the_host_s_namespace_has_names_and_the_host_s_network() -> None:
    assert f"net:[{os.stat('/proc/self/ns/net').st_ino}]" in said("probe", "readlink", "/proc/self/ns/net")
    assert said("probe", "hostname") == "probe\n"
    assert "127.0.1.1\tprobe" in said("probe", "cat", "/etc/hosts")


def test_a_namespace_that_is_deleted_goes_in_spite_of_a_command_beside_it() -> None:
    """The command's mount namespace has copies of all pins: they go with the pins."""
    process = subprocess.Popen(command("probe", "sh", "-c", "echo ready; exec sleep 60"), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    assert "topo.entered.web" in open_and_read(f"/proc/{process.pid}/mountinfo")
    namespaces.unpin("topo.entered.web")
    assert "topo.entered.web" not in open_and_read(f"/proc/{process.pid}/mountinfo")
    process.kill()
    ended(process)


@pytest.mark.parametrize(
    ("lab", "container", "message"),
    [("nowhere", "web", "there is no lab nowhere"), (LAB, "wbe", "lab entered has no container wbe")],
)
def test_what_is_not_there_is_named(lab: str, container: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        enter.enter(lab, container, ["true"])
