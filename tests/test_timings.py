"""Stages: each one's own time, none of it twice, and nothing at all while nobody asks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from topo import timings
from topo.timings import begin, end, stage


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each look at it is a second later."""
    seconds = count()
    monkeypatch.setattr(timings, "perf_counter", lambda: float(next(seconds)))
    yield
    end()


def test_nothing_is_measured_before_it_begins_and_after_it_ends() -> None:
    with stage("plan"):
        pass
    assert end() == {}
    begin()
    assert end() == {"rest": 1.0}
    with stage("plan"):
        pass
    assert end() == {}


def test_a_stage_within_another_interrupts_it() -> None:
    begin()
    with stage("apply"):
        with stage("wait"):
            pass
        with stage("wait"):
            pass
    spent = end()
    assert spent == {"apply": 3.0, "wait": 2.0, "rest": 2.0}
    assert list(spent) == [name for name in timings.STAGES if name in spent]


def test_what_was_before_counts_as_the_start() -> None:
    begin(5.0)
    assert end() == {"start": 5.0, "rest": 1.0}


def test_an_error_ends_its_stages() -> None:
    begin()
    with pytest.raises(ValueError, match="no"), stage("load"), stage("validate"):
        raise ValueError("no")
    assert end() == {"load": 2.0, "validate": 1.0, "rest": 2.0}
