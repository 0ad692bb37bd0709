"""What has a lab's name among the pins, and is no namespace of the lab: nothing in it is touched, and the name is taken back."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest

from topo.errors import KernelError
from topo.kernel.linux import folders, labs, namespaces, pins, processes, remove, syscalls
from topo.kernel.linux.codecs.namespace import CODEC
from topo.kernel.linux.executing import execute
from topo.kernel.linux.places import Places
from topo.kernel.protocol import Operation
from topo.objects.namespace import Namespace

pytestmark = pytest.mark.live

LAB = "pinned"
FABRIC, A, B = "topo.pinned", "topo.pinned.a", "topo.pinned.b"


@pytest.fixture(autouse=True)
def _lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (FABRIC, A):
        namespaces.create(name)
    # The real one may not be looked at where this machine is a guest of another.
    with namespaces.fresh():
        first = os.open(namespaces.OWN, os.O_RDONLY)
    monkeypatch.setattr(pins, "_FIRST", f"/proc/self/fd/{first}")
    pins._first.cache_clear()
    yield
    pins.take_away(B)
    assert remove.remove(LAB) == []
    pins._first.cache_clear()
    os.close(first)


def bind(what: str) -> None:
    """Somebody pins `what` under the name of a container."""
    folders.namespace(B).touch()
    syscalls.mount(what, folders.namespace(B), flags=syscalls.MS_BIND)


STRANGERS = {
    "the caller's": lambda: bind("/proc/thread-self/ns/net"),
    "the first process's": lambda: bind(pins._FIRST),
    "no network namespace": lambda: bind("/proc/self/ns/uts"),
    "the fabric again": lambda: bind(str(folders.namespace(FABRIC))),
    "another container again": lambda: bind(str(folders.namespace(A))),
    "a link to another": lambda: folders.namespace(B).symlink_to(A),
    "a link to nothing": lambda: folders.namespace(B).symlink_to("nothing"),
    "a file": lambda: folders.namespace(B).touch(),
    "a file over a file": lambda: bind("/etc/hosts"),
    "an empty folder": lambda: folders.namespace(B).mkdir(),
}
HOSTS = ("the caller's", "the first process's")


@pytest.mark.parametrize("name", STRANGERS)
def test_it_is_a_leftover(name: str) -> None:
    STRANGERS[name]()
    assert namespaces.list(LAB) == (FABRIC, A)
    assert namespaces.leftovers(LAB) == (B,)
    assert not namespaces.exists(B)
    assert labs.containers(LAB) == ("a",)


@pytest.mark.parametrize("name", STRANGERS)
def test_who_needs_the_name_takes_it(name: str) -> None:
    STRANGERS[name]()
    before, own = pins.inode(A), os.stat("/proc/self/ns/net").st_ino
    namespaces.create(B)
    assert namespaces.list(LAB) == (FABRIC, A, B)
    assert pins.inode(A) == before
    assert pins.inode(B) not in (before, own, None)


@pytest.mark.parametrize("name", HOSTS)
def test_no_process_of_the_host_is_in_the_lab(name: str) -> None:
    STRANGERS[name]()
    beside = subprocess.Popen(["sleep", "60"])
    assert processes.inside([FABRIC, A, B]) == {}
    with pytest.raises(FileNotFoundError):
        namespaces.open(B)
    beside.kill()
    beside.wait()


@pytest.mark.parametrize("name", [name for name in STRANGERS if name not in HOSTS])
def test_down_takes_it_away(name: str) -> None:
    STRANGERS[name]()
    assert remove.remove(LAB, grace=0) == []
    assert not os.path.lexists(folders.namespace(B))


@pytest.mark.parametrize("name", HOSTS)
def test_down_ends_nothing_of_the_host(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    STRANGERS[name]()
    ended: list[str] = []
    monkeypatch.setattr(processes, "end", lambda names, grace: ended.extend(names) or ())
    assert remove.remove(LAB, grace=0) == []
    assert ended == [FABRIC, A]
    assert not os.path.lexists(folders.namespace(B))


def test_a_folder_with_something_in_it_is_somebody_s() -> None:
    folders.namespace(B).mkdir()
    inside = folders.namespace(B) / "x"
    inside.touch()
    (error,) = remove.remove(LAB)
    assert error.message == f"cannot remove namespace {B}: {folders.namespace(B)}: Directory not empty"
    operation = Operation(1, None, None, Namespace(name=B, owner="containers/b"), (), "containers/b")
    assert CODEC.perform is not None
    with Places(LAB, {}) as places:
        (failure,) = execute([operation], places)
    assert isinstance(failure.error, KernelError)
    assert "Directory not empty" in failure.error.message
    assert "move it" in str(failure.error.hint)
    inside.unlink()


def test_a_container_is_no_stranger_to_a_topo_that_runs_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with namespaces.returning():
        syscalls.setns(namespaces.open(A))
        assert A not in namespaces.list(LAB)
        monkeypatch.setenv(pins.INSIDE, A)
        assert namespaces.list(LAB) == (FABRIC, A)
