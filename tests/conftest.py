"""Every test process lives in a throw-away world; around every live test stand a leak check and a canary."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator

import pytest

from tests.world import able, canary, elsewhere, leaks, unshared
from tests.world.waiting import wait_for as wait

# At import, before any test module is: this process (each worker of xdist is one) leaves the machine's network for good.
REASON = unshared.leave()


def _lacking(item: pytest.Item) -> list[str]:
    """What the test needs, and this kernel has not."""
    live = REASON is None and item.get_closest_marker("live")
    return [kind for mark in item.iter_markers("needs") for kind in mark.args if not able.has(kind)] if live else []


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("live") is None:
        return
    if REASON is not None:
        pytest.skip(REASON)
    if lacking := _lacking(item):
        pytest.skip(elsewhere.reason(lacking))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI every test runs; what this kernel lacks, on another one. `TOPO_KERNEL=whole`: this is that one."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and (not _lacking(item) or os.environ.get("TOPO_KERNEL") == "whole"):
        said = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"in CI every test runs, but {said}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if line := elsewhere.summary(terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(line, yellow=True, bold=True)


@pytest.fixture(autouse=True)
def nothing_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A live test leaves the world as it found it, and never touches what is not topo's."""
    if request.node.get_closest_marker("live") is None:
        yield
        return
    canary.build()
    before = leaks.settled()
    yield
    if problems := leaks.remaining(before):
        leaks.clean()
        pytest.fail("\n".join(problems), pytrace=False)


@pytest.fixture
def wait_for() -> Callable[..., object]:
    """`wait_for(condition, within=5.0)` returns the condition's first true value; it fails the test after `within` seconds."""
    return wait
