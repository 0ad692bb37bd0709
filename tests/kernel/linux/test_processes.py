"""Processes are found by their namespace, and ended: politely, then not."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kernel.linux.inside import ended, start
from topo.kernel.linux import namespaces, processes, remove

pytestmark = pytest.mark.live

LAB = "busy"
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


def test_an_empty_namespace_has_nothing_to_end() -> None:
    assert processes.inside([WEB, DB]) == {}
    assert processes.end([WEB, DB], grace=60) == ()
