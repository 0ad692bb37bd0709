"""Every test process lives in a throw-away world; around every live test stand a leak check and a canary."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.world import able, canary, leaks, unshared
from tests.world.waiting import wait_for as wait

# At import, before any test module is: this process (each worker of xdist is one) leaves the machine's network for good.
REASON = unshared.leave()


def pytest_configure(config: pytest.Config) -> None:
    words = "kinds of link, as `ip link add type KIND`, that not every kernel has; scripts/vm has them"
    config.addinivalue_line("markers", f"needs(kinds): {words}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("live") is None:
        return
    if REASON is None:
        lacking = [kind for mark in item.iter_markers("needs") for kind in mark.args if not able.has(kind)]
        if lacking and os.environ.get("TOPO_KERNEL") == "whole":
            pytest.fail(f"this kernel has no {', '.join(lacking)}", pytrace=False)
        if lacking:
            pytest.skip(f"this kernel has no {', '.join(lacking)}: scripts/vm scripts/test {item.nodeid.partition('::')[0]}")
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"in CI every test runs, but {REASON}", pytrace=False)
    pytest.skip(REASON)


@pytest.fixture(autouse=True)
def nothing_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A live test leaves the world as it found it, and never touches what is not topo's."""
    if request.node.get_closest_marker("live") is None:
        yield
        return
    canary.build()
    before, foreign = leaks.settled(), canary.look()
    yield
    problems = leaks.remaining(before) + canary.differences(foreign)
    if problems:
        leaks.clean()
        pytest.fail("\n".join(problems), pytrace=False)


@pytest.fixture
def wait_for() -> Callable[..., object]:
    """`wait_for(condition, within=5.0)` returns the condition's first true value; it fails the test after `within` seconds."""
    return wait
