"""A setting is written where the thread is, by whichever /proc."""

from __future__ import annotations

import os
from collections.abc import Iterator
from errno import EPERM
from pathlib import Path

import pytest

from topo.kernel.linux import namespaces, syscalls
from topo.kernel.linux.proc import Proc

FORWARD = "/proc/sys/net/ipv4/ip_forward"


@pytest.fixture
def proc() -> Iterator[Proc]:
    made = Proc()
    yield made
    made.close()


def turned(proc: Proc) -> None:
    for _ in range(50):
        proc.turn()


@pytest.mark.live
def test_an_instance_of_its_own_is_of_the_namespace(proc: Proc) -> None:
    turned(proc)
    assert proc._own is not None
    before = Path(FORWARD).read_text()
    for value in (b"1", b"0"):
        with namespaces.fresh():
            proc.write(FORWARD, value)
            assert Path(FORWARD).read_bytes().strip() == value
    assert Path(FORWARD).read_text() == before


@pytest.mark.live
def test_nothing_is_mounted_anywhere(proc: Proc) -> None:
    before = Path("/proc/self/mountinfo").read_text()
    turned(proc)
    assert Path("/proc/self/mountinfo").read_text() == before


@pytest.mark.live
def test_an_instance_goes_when_the_next_one_comes(proc: Proc) -> None:
    turned(proc)
    open_then = len(os.listdir("/proc/self/fd"))
    turned(proc)
    assert len(os.listdir("/proc/self/fd")) == open_then


def test_where_there_can_be_none_the_usual_one_does(proc: Proc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(kind: str) -> int:
        raise OSError(EPERM, "no")

    monkeypatch.setattr(syscalls, "another", refused)
    turned(proc)
    assert proc._own is None
    (tmp_path / "setting").touch()
    proc.write(str(tmp_path / "setting"), b"1")
    assert (tmp_path / "setting").read_text() == "1"
