"""topo as a library: from a program that has threads, on the real kernel and on the fake one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.driving import environment
from tests.live.reading import namespaces

pytestmark = pytest.mark.live

PROGRAM = """
import os, threading
import topo

def own():
    return os.readlink("/proc/thread-self/ns/net"), os.readlink("/proc/thread-self/ns/mnt")

stop, seen = threading.Event(), set()

def watch():
    while not stop.is_set():
        seen.add(own())

def work():
    lab = topo.load("t.yaml")
    plan = topo.plan(lab)
    assert not plan.empty
    report = topo.apply(plan)
    assert topo.plan(lab).empty
    assert "t" in [lab.name for lab in topo.labs()]
    problems.append(own())

home, problems = own(), []
watcher = threading.Thread(target=watch)
watcher.start()
worker = threading.Thread(target=work)
worker.start()
worker.join()
stop.set()
watcher.join()
assert seen == {home}, seen
assert problems == [home], problems
assert own() == home
print("well")
"""

TOGETHER = """
import threading
import topo
from topo.kernel.linux import LinuxKernel

kernel, both, reports = LinuxKernel(), threading.Barrier(2), []

def work(name):
    topo.apply(topo.load("t.yaml", name=name), kernel=kernel)
    edited = topo.load("edited.yaml", name=name)
    reports.append(topo.apply(edited, kernel=kernel, on_plan=lambda plan: both.wait()))
    assert topo.plan(edited, kernel=kernel).empty

workers = [threading.Thread(target=work, args=(name,)) for name in ("t", "u")]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
assert [report.verified for report in reports] == [True, True]
assert [topo.down(name, kernel=kernel) for name in ("t", "u")] == [True, True]
print("well")
"""

DOWN = "import topo; assert topo.down('t'); assert not topo.down('t'); assert not topo.labs(); print('well')"


def python(program: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    assert not done.stderr
    return done.stdout


def test_a_program_with_threads(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("containers: {a: , b: }\n")
    assert python(PROGRAM, tmp_path) == "well\n"
    assert set(namespaces()) == {"topo.t", "topo.t.a", "topo.t.b"}
    assert python(DOWN, tmp_path) == "well\n"
    assert not namespaces()


def test_two_threads_have_a_lab_each(tmp_path: Path) -> None:
    """The edit is one of files alone: their operations do not say whose they are."""
    (tmp_path / "t.yaml").write_text("containers: {a: , b: }\n")
    (tmp_path / "edited.yaml").write_text("containers: {a: {hostname: one.example}, b: }\n")
    assert python(TOGETHER, tmp_path) == "well\n"
    assert not namespaces()
