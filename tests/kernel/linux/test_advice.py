"""A machine with systemd is told of, when a lab is large enough for it to hurt."""

from __future__ import annotations

from pathlib import Path

import pytest

from topo.kernel.linux import advice
from topo.objects import State
from topo.objects.namespace import Namespace


def lab(containers: int) -> State:
    return State.of("big", [Namespace(name=f"topo.big.c{number}") for number in range(containers)])


@pytest.mark.parametrize(("seen", "containers", "sentences"), [(True, 500, 1), (True, 499, 0), (False, 500, 0)])
def test_systemd(seen: bool, containers: int, sentences: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advice, "_systemd_sees", lambda: seen)
    assert len(list(advice.advice(lab(containers)))) == sentences


def test_a_machine_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advice, "_SYSTEMD", str(tmp_path / "nothing"))
    assert not advice._systemd_sees()
