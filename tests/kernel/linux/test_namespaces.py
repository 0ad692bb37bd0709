"""Namespaces are pinned whole or not at all, and go for good."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from topo.kernel.linux import baseline, folders, namespaces, pins, remove, syscalls, sysctls

pytestmark = pytest.mark.live

LAB = "made"
FABRIC, WEB = "topo.made", "topo.made.web"
OTHER = "topo.made2.web"


@pytest.fixture(autouse=True)
def _down() -> Iterator[None]:
    yield
    assert remove.remove(LAB) == []
    namespaces.unpin(OTHER)


def own() -> int:
    return os.stat("/proc/thread-self/ns/net").st_ino


def test_a_namespace_is_made_once_and_the_thread_comes_back() -> None:
    before = own()
    namespaces.create(WEB)
    first = pins.inode(WEB)
    namespaces.create(WEB)
    assert pins.inode(WEB) == first != before == own()


def test_iproute2_knows_it_and_shares_the_folder() -> None:
    namespaces.create(WEB)
    subprocess.run(["ip", "-n", WEB, "link", "show", "lo"], check=True, capture_output=True)
    mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    folder = [words for words in mounts if words[4] == str(folders.namespaces())]
    assert len(folder) == 1
    assert any(word.startswith("shared:") for word in folder[0])
    assert len([words for words in mounts if words[4] == str(folders.namespace(WEB))]) == 1


def test_labs_with_names_alike_are_not_mixed_up() -> None:
    for name in (FABRIC, WEB, OTHER):
        namespaces.create(name)
    folders.namespace("topo.made.half").touch()
    assert namespaces.list(LAB) == (FABRIC, WEB)
    assert namespaces.leftovers(LAB) == ("topo.made.half",)
    assert namespaces.list("mad") == ()


def test_a_plain_file_is_absent_and_used_again() -> None:
    folders.namespaces().mkdir(exist_ok=True)
    folders.namespace(WEB).touch()
    with pytest.raises(FileNotFoundError):
        namespaces.open(WEB)
    namespaces.create(WEB)
    assert namespaces.exists(WEB)


def test_a_command_that_dies_before_the_pin_leaves_what_counts_as_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*arguments: object, **more: object) -> None:
        raise KeyboardInterrupt

    before = own()
    namespaces.create(FABRIC)  # after which the folder is shared
    monkeypatch.setattr(syscalls, "mount", die)
    with pytest.raises(KeyboardInterrupt):
        namespaces.create(WEB)
    assert own() == before
    assert namespaces.list(LAB) == (FABRIC,)


def test_the_baseline_is_there_before_the_name_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*, bridges: bool) -> None:
        raise OSError(5, "no")

    monkeypatch.setattr(baseline, "write", fail)
    with pytest.raises(OSError, match="no"):
        namespaces.create(WEB)
    assert not folders.namespace(WEB).exists()


def test_a_new_namespace_has_no_sysctl_of_an_older_one_s() -> None:
    sysctls.mark(WEB, "net.ipv4.ip_forward", present=True)
    namespaces.create(WEB)
    assert sysctls.marks(WEB) == frozenset()


def test_unpinning_takes_every_pin_of_the_name() -> None:
    namespaces.create(WEB)
    syscalls.mount("/proc/self/ns/net", folders.namespace(WEB), flags=syscalls.MS_BIND)
    namespaces.unpin(WEB)
    assert not folders.namespace(WEB).exists()
    namespaces.unpin(WEB)
