"""Deleting a namespace ends the processes in it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from tests.kernel.linux.codecs.looking import look
from tests.kernel.linux.inside import ended, start
from topo.kernel.linux import namespaces, pins, remove
from topo.kernel.linux.codecs.namespace import CODEC
from topo.kernel.linux.place import Place
from topo.kernel.protocol import Operation
from topo.objects.namespace import Namespace

pytestmark = pytest.mark.live

WEB = Namespace(name="topo.single.web", owner="containers/web")


@pytest.fixture(autouse=True)
def _down() -> Iterator[None]:
    yield
    assert remove.remove("single") == []


def perform(before: Namespace | None, after: Namespace | None) -> None:
    assert CODEC.perform is not None
    with Place(None, "single", os.open(namespaces.OWN, os.O_RDONLY)) as place:
        CODEC.perform(Operation(1, None, before, after, (), "containers/web"), place)


def test_made_found_and_deleted_with_its_processes() -> None:
    perform(None, WEB)
    with Place(WEB.name, "single", namespaces.open(WEB.name)) as place:
        (found,) = look(CODEC, "single", place)
    assert found == WEB
    assert isinstance(found, Namespace)
    assert found.inode == pins.inode(WEB.name)
    assert found.owner == "containers/web"
    process = start(WEB.name, "sleep 60")
    perform(WEB, None)
    assert ended(process) == -signal.SIGTERM
    assert not namespaces.exists(WEB.name)
    perform(WEB, None)
