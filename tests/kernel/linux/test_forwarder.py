"""The forwarder, taken apart: what it does when it is full."""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from topo.kernel.linux.forwarder.control import Control
from topo.kernel.linux.forwarder.loop import Loop
from topo.kernel.linux.forwarder.ports import Way
from topo.kernel.linux.forwarder.table import Table


@pytest.fixture
def few() -> Iterator[list[int]]:
    """A process that may have few descriptors; those in the list are closed in the end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken: list[int] = []
    mask = os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    yield taken
    for one in taken:
        os.close(one)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    os.umask(mask)


def test_who_asks_is_heard_when_clients_have_taken_every_descriptor(few: list[int], tmp_path: Path) -> None:
    loop = Loop()
    control = Control(loop, Table(loop, Way(str(tmp_path))), str(tmp_path / "forwarder"))
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / "forwarder"))
        with suppress(OSError):
            while True:
                few.append(os.open(os.devnull, os.O_RDONLY))
        control._accept()
        assert not control.idle
    control.close()
