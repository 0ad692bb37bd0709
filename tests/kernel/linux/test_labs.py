"""Labs and containers are what is pinned and what is written, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from topo.kernel.linux import atomic, folders, labs, namespaces, remove

pytestmark = pytest.mark.live


@pytest.fixture(autouse=True)
def _down() -> Iterator[None]:
    yield
    for lab in ("one", "one-more", "two"):
        assert remove.remove(lab) == []


def test_labs_are_seen_by_any_trace_of_them() -> None:
    assert labs.labs() == ()
    namespaces.create("topo.one.web")
    folders.namespace("topo.two.half").touch()
    atomic.write("one-more", folders.hosts("one-more") / "front", "")
    assert labs.labs() == ("one", "one-more", "two")


def test_what_a_killed_command_made_first_is_no_lab() -> None:
    folders.labs().mkdir()
    assert labs.labs() == ()
    assert not folders.labs().exists()


def test_containers_have_a_namespace_or_are_names_for_the_host_s() -> None:
    for name in ("topo.one", "topo.one.web", "topo.one.db", "topo.one-more.other"):
        namespaces.create(name)
    folders.namespace("topo.one.half").touch()
    atomic.write("one", folders.containers("one") / "probe" / "host", "")
    atomic.write("one", folders.containers("one") / "late" / "hosts", "")
    assert labs.containers("one") == ("db", "probe", "web")
    assert labs.on_host("one", "probe")
    assert not labs.on_host("one", "web")
    assert labs.containers("nobody") == ()
