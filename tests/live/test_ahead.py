"""A lab that is read while its file is read is read as at any other time, and only by whom nobody changes it under."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from msgspec.structs import asdict

from tests.live.driving import Topo
from tests.live.labs import shop
from tests.live.reading import shell
from topo.cli import main
from topo.errors import LockTimeoutError
from topo.kernel.linux import LinuxKernel, reading, together
from topo.kernel.protocol import Scope

pytestmark = pytest.mark.live


class Readings:
    """How many have been begun, and of them how many have come to their end."""

    begun = ended = 0


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Readings:
    """Every lab is a large one."""
    counted = Readings()

    class Counting(reading.Begun):
        def __init__(self, *words: Any) -> None:
            super().__init__(*words)
            counted.begun += 1

        def ended(self, *words: Any) -> Any:
            counted.ended += 1
            return super().ended(*words)

    monkeypatch.setattr(reading, "_MANY", 1)
    monkeypatch.setattr(together, "can_share", lambda: True)
    monkeypatch.setattr(reading, "Begun", Counting)
    return counted


@contextmanager
def held(lab: str) -> Iterator[None]:
    with LinuxKernel().lock(lab, 0):
        yield


def everything(kernel: LinuxKernel) -> list[Any]:
    return [(key, asdict(thing)) for key, thing in kernel.observe(Scope("t")).objects.items()]


def test_it_is_the_same(topo: Topo, readings: Readings) -> None:
    topo.up(shop())
    usual = everything(LinuxKernel())
    kernel = LinuxKernel()
    with kernel.ahead("t"):
        assert everything(kernel) == usual
        shell("ip -n topo.t.web address add 192.0.2.1/24 dev eth0")
        assert len(everything(kernel)) > len(usual)  # it is for one look
    assert (readings.begun, readings.ended) == (1, 1)


def test_another_lab_is_not_what_was_read(topo: Topo, readings: Readings) -> None:
    topo.up(shop())
    kernel = LinuxKernel()
    with kernel.ahead("t"):
        assert not kernel.observe(Scope("other")).objects
        assert kernel.observe(Scope("t", frozenset({"topo.t.web"}))).objects
    assert (readings.begun, readings.ended) == (1, 0)


def test_who_changes_it_has_the_lock(topo: Topo, readings: Readings) -> None:
    topo.up(shop())
    kernel = LinuxKernel()
    with kernel.ahead("t", change=True):
        with pytest.raises(LockTimeoutError), held("t"):
            pass
        with kernel.lock("t", 0):
            kernel.observe(Scope("t"))
        with pytest.raises(LockTimeoutError), held("t"):
            pass
    with held("t"):
        assert readings.ended == 1


def test_who_has_to_wait_begins_nothing(topo: Topo, readings: Readings) -> None:
    topo.up(shop())
    with ExitStack() as stack:
        with held("t"):
            kernel = LinuxKernel()
            stack.enter_context(kernel.ahead("t", change=True))
        with kernel.lock("t", 0):
            kernel.observe(Scope("t"))
    assert readings.begun == 0


def test_the_commands_do_so(topo: Topo, readings: Readings) -> None:
    topo.up(shop())
    file = str(topo.folder / topo.write(shop()))
    assert (main(["plan", "--check", file]), main(["up", "--name", "t", file])) == (0, 0)
    assert (readings.begun, readings.ended) == (2, 2)


def test_a_file_that_is_wrong_ends_it(topo: Topo, readings: Readings) -> None:
    topo.up(shop())
    file = str(topo.folder / topo.write({"containers": {"web": {"wrong": 1}}}))
    for command in ("plan", "up"):
        assert main([command, file]) == 3
    with held("t"):
        assert (readings.begun, readings.ended) == (2, 0)
