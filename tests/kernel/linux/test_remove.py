"""After `down` nothing is left, whatever state the lab was in."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.kernel.linux.inside import ended, start
from topo.errors import KernelError
from topo.kernel.linux import atomic, folders, labs, locks, namespaces, remove, sentinel

pytestmark = pytest.mark.live

LAB = "gone"
FABRIC, WEB = "topo.gone", "topo.gone.web"
NEIGHBOUR = "topo.gone2"


@pytest.fixture(autouse=True)
def _neighbour() -> Iterator[None]:
    namespaces.create(NEIGHBOUR)
    yield
    assert namespaces.exists(NEIGHBOUR)
    assert remove.remove(LAB) == []
    assert remove.remove("gone2") == []


def build() -> None:
    for name in (FABRIC, WEB):
        namespaces.create(name)
    folders.namespace("topo.gone.half").touch()
    atomic.write(LAB, folders.hosts(LAB) / "front", "10.0.0.2\tweb\n")
    command = ["ip", "-n", FABRIC, "link", "add", "web.eth0", "type", "veth", "peer", "eth0", "netns", WEB]
    subprocess.run(command, check=True)


def nothing_is_left() -> bool:
    return not folders.lab(LAB).exists() and not [name for name in namespaces.every_name() if name != NEIGHBOUR]


def test_down_and_up_and_down() -> None:
    for _ in range(5):
        with locks.lock(LAB):
            build()
        with locks.lock(LAB):
            assert remove.remove(LAB) == []
        assert nothing_is_left()


def test_what_is_told_can_be_typed() -> None:
    build()
    said: list[str] = []
    remove.remove(LAB, tell=said.append)
    assert f"ip netns delete {WEB}" in said
    assert said.index(f"ip netns delete {WEB}") < said.index(f"ip netns delete {FABRIC}")


def test_processes_end_with_it() -> None:
    build()
    process = start(WEB, "sleep 60")
    assert remove.remove(LAB, grace=5) == []
    assert ended(process) == -signal.SIGTERM


def test_devices_are_gone_when_it_returns() -> None:
    """Seen from a namespace that outlives the lab and holds the other end of a link."""
    build()
    namespaces.create("topo.seer")
    subprocess.run(["ip", "-n", "topo.seer", "link", "add", "eye", "type", "veth", "peer", "eye", "netns", WEB], check=True)
    assert remove.remove(LAB) == []
    links = subprocess.run(["ip", "-n", "topo.seer", "-br", "link"], check=True, capture_output=True, text=True).stdout
    assert "eye" not in links
    assert remove.remove("seer") == []


def test_it_goes_on_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    real = namespaces.unpin

    def fail(name: str) -> None:
        if name == WEB:
            raise OSError(16, "Device or resource busy", name)
        real(name)

    monkeypatch.setattr(namespaces, "unpin", fail)
    errors = remove.remove(LAB)
    assert [str(error) for error in errors] == [f"cannot remove namespace {WEB}: {WEB}: Device or resource busy"]
    assert namespaces.list(LAB) == (WEB,)
    monkeypatch.undo()
    assert remove.remove(LAB) == []
    assert nothing_is_left()


def test_a_lab_that_is_not_there_is_gone() -> None:
    assert remove.remove(LAB) == []
    assert LAB not in labs.labs()


def test_an_impatient_wait_is_an_error() -> None:
    before = os.stat("/proc/thread-self/ns/net").st_ino
    with pytest.raises(KernelError, match="within 0 seconds"):
        sentinel.wait(0)
    assert os.stat("/proc/thread-self/ns/net").st_ino == before
