"""A test that one kernel cannot run must have passed on another."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from tests.world import elsewhere

HERE = """<testsuites><testsuite>
<testcase classname="t" name="here"/>
<testcase classname="t" name="a"><skipped message="x"/></testcase>
<testcase classname="t" name="b"><skipped message="x"/></testcase>
<testcase classname="t" name="c"><skipped message="x"/></testcase>
<testcase classname="t" name="d"><skipped message="x"/></testcase>
</testsuite></testsuites>"""
THERE = """<testsuites><testsuite>
<testcase classname="t" name="a"/>
<testcase classname="t" name="b"><failure message="x"/></testcase>
<testcase classname="t" name="c"/>
<testcase classname="t" name="c"><error message="at teardown"/></testcase>
</testsuite></testsuites>"""


def test_what_nothing_has_run_is_named(tmp_path: Path) -> None:
    here, there = tmp_path / "here.xml", tmp_path / "there.xml"
    here.write_text(HERE)
    there.write_text(THERE)
    assert elsewhere.unrun(str(here), str(there)) == [
        "t.b: skipped, and then failure",
        "t.c: skipped, and then error",
        "t.d: skipped, and then not run",
    ]
    assert elsewhere.unrun(str(there), str(here)) == []


def test_what_is_for_another_kernel_is_said_at_the_end() -> None:
    reasons = [elsewhere.reason(["vlan"]), elsewhere.reason(["netem", "vlan"]), "live tests need root"]
    said = elsewhere.summary([SimpleNamespace(longrepr=("conftest.py", 1, reason)) for reason in reasons])
    assert said == "2 tests need a kernel with netem, vlan: scripts/vm-test runs them"
    assert elsewhere.summary([]) == ""
