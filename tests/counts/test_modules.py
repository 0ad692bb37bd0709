"""A command loads what it needs, and nothing that is slow to load."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.counts import expected
from tests.counts.loading import LIVE, NEEDLESS, OFFLINE, SLOW, by_module, runs
from tests.counts.measuring import Run


def check(found: Mapping[str, Run]) -> None:
    """Of these commands."""
    for command, run in found.items():
        loaded = {module.partition(".")[0] for module in run.modules}
        needless = sorted(loaded & (SLOW | NEEDLESS.get(command, set())))
        assert not needless, f"`topo {command}` loads {', '.join(needless)}"
    written = {module: words.split(", ") for module, words in expected.read()["modules"].items()}
    ours = {module: ", ".join(each for each in words if each in found) for module, words in written.items()}
    changed = list(expected.differences({module: words for module, words in ours.items() if words}, by_module(found)))
    if changed:
        pytest.fail("\n".join([*changed, expected.REWRITE]), pytrace=False)


def test_of_commands_that_need_no_kernel() -> None:
    check(runs(OFFLINE))


@pytest.mark.live
def test_of_commands_that_do() -> None:
    check(runs(LIVE))
