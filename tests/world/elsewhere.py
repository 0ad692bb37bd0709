"""Tests that this kernel cannot run -> what is said of them, and whether another run made up for each.

    python -m tests.world.elsewhere HERE.xml THERE.xml

The files are JUnit's. Exit code 1 when a test was skipped in HERE and did not pass in THERE.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree import ElementTree

_BEGINS, _ENDS = "this kernel has no ", ": scripts/vm-test runs it on one that has"


def reason(lacking: Iterable[str]) -> str:
    """Why a test is skipped."""
    return f"{_BEGINS}{', '.join(lacking)}{_ENDS}"


def summary(skipped: Iterable[Any]) -> str:
    """A line for the end of a run, of its reports of skipped tests; empty if none of them is for another kernel."""
    reasons = [str(report.longrepr[2]) for report in skipped if isinstance(report.longrepr, list | tuple)]
    lacking = [found.partition(_BEGINS)[2].removesuffix(_ENDS) for found in reasons if found.endswith(_ENDS)]
    kinds = sorted({kind for each in lacking for kind in each.split(", ")})
    return f"{len(lacking)} tests need a kernel with {', '.join(kinds)}: scripts/vm-test runs them" if lacking else ""


def outcomes(file: str) -> dict[str, str]:
    """Test -> "passed", or what else became of it, of a JUnit file."""
    found: dict[str, str] = {}
    for case in ElementTree.parse(file).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        other = [child.tag for child in case if child.tag in ("skipped", "failure", "error")]
        found[name] = other[0] if other else found.get(name, "passed")  # an error after a test is a case of its own
    return found


def unrun(here: str, there: str) -> list[str]:
    """The tests that were skipped in one run and did not pass in the other."""
    one, other = outcomes(here), outcomes(there)
    skipped = [name for name, outcome in one.items() if outcome == "skipped"]
    return [f"{name}: skipped, and then {other.get(name, 'not run')}" for name in skipped if other.get(name) != "passed"]


def _main(files: Sequence[str]) -> int:
    here, there = files
    problems = unrun(here, there)
    if problems:
        print("tests that nothing has run:", *problems, sep="\n  ")
    else:
        made_up = sum(outcome == "skipped" for outcome in outcomes(here).values())
        print(f"{len(outcomes(here))} tests ran, {made_up} of them on another kernel: none was left out")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
