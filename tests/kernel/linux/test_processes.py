"""Processes are found by their namespace, and ended: politely, then not."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kernel.linux.inside import ended, start
from topo.kernel.linux import namespaces, processes, remove

pytestmark = pytest.mark.live

LAB = "busy"
_PASSES = """
import ctypes, os, sys
home, there = (os.open(path, os.O_RDONLY) for path in ("/proc/self/ns/net", sys.argv[1]))
enter = ctypes.CDLL(None).setns
enter(there, 0); print("in", flush=True); input()
enter(home, 0); print("out", flush=True); input()
"""
WEB, DB = "topo.busy.web", "topo.busy.db"


@pytest.fixture(autouse=True)
def _lab() -> Iterator[None]:
    namespaces.create(WEB)
    namespaces.create(DB)
    yield
    assert remove.remove(LAB, grace=0) == []


def test_each_is_found_in_its_namespace() -> None:
    web, other = start(WEB, "sleep 60"), start(DB, "sleep 60")
    found = processes.inside([WEB, DB, "topo.busy.nobody"])
    assert web.pid in found[WEB]
    assert other.pid in found[DB]
    assert len(found[WEB]) == len(found[DB]) == 2
    assert processes.inside([DB]).keys() == {DB}
    assert processes.end([WEB], grace=5) == ()
    assert processes.inside([WEB, DB]).keys() == {DB}
    assert processes.end([DB], grace=5) == ()
    assert [ended(web), ended(other)] == [-signal.SIGTERM, -signal.SIGTERM]


def test_who_ignores_the_first_signal_gets_the_second() -> None:
    stubborn = start(WEB, "(trap '' TERM; sleep 60; sleep 60)")
    assert processes.end([WEB], grace=0.2) == ()
    assert processes.inside([WEB]) == {}
    assert ended(stubborn) in (-signal.SIGTERM, -signal.SIGKILL)


def test_a_stopped_process_hears_the_signal(wait_for: Callable[..., object]) -> None:
    stopped = start(WEB, "sleep 60")
    stopped.send_signal(signal.SIGSTOP)
    wait_for(lambda: " T " in Path(f"/proc/{stopped.pid}/stat").read_text())
    assert processes.end([WEB], grace=5) == ()
    assert ended(stopped) == -signal.SIGTERM


def test_who_only_looks_in_lives_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another topo that reads the lab enters each namespace for a moment."""
    argv = [sys.executable, "-c", _PASSES, f"/run/netns/{WEB}"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as passer:
        assert passer.stdin
        assert passer.stdout
        out, into = passer.stdout, passer.stdin
        assert out.readline() == "in\n"
        assert processes.inside([WEB]) == {WEB: (passer.pid,)}

        def goes_on(_seconds: float) -> None:
            into.write("\n")
            into.flush()
            assert out.readline() == "out\n"

        monkeypatch.setattr(processes.time, "sleep", goes_on)
        assert processes.end([WEB], grace=1) == ()
        assert passer.poll() is None
        passer.communicate("\n")
    assert passer.returncode == 0


def test_an_empty_namespace_has_nothing_to_end() -> None:
    assert processes.inside([WEB, DB]) == {}
    assert processes.end([WEB, DB], grace=60) == ()
