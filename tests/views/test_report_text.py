"""What a person reads of a report."""

from __future__ import annotations

from msgspec.structs import replace

from tests.views.plans import ADDRESS, BRIDGE, CHANGES, EMPTY, NAMESPACE, OPERATIONS, PLAN, VETH, change
from topo.applier import Failed, Report
from topo.errors import KernelError
from topo.planner.plan import CREATE, UPDATE
from topo.views.report_json import report_data
from topo.views.report_text import report_text


def test_what_came_whole_is_one_line_and_what_changed_is_shown() -> None:
    made = tuple(change(None, thing, CREATE) for thing in (NAMESPACE, VETH, ADDRESS))
    larger = change(BRIDGE, replace(BRIDGE, mtu=9000), UPDATE)
    assert report_text(Report(replace(PLAN, changes=(*made, larger)), done=(*made, larger))) == (
        "   + container web  3 objects\n"
        "   ~ networks/front  bridge     mtu: 1500 -> 9000\n"
        "Done: 3 created, 1 updated, 0 replaced, 0 deleted, 12 unchanged.\n"
    )


def test_what_failed_and_what_is_pending_is_named() -> None:
    failed = Failed(CHANGES[3], OPERATIONS[3], KernelError("Invalid argument: too large", errno=22))
    report = Report(PLAN, done=CHANGES[2:3], failed=(failed,), pending=CHANGES[4:6])
    assert report_text(report) == (
        "   + networks/front  bridge     mac 02:42:00:00:00:01\n"
        "   x containers/web/eth0  failed: Invalid argument: too large\n"
        "   . containers/web/eth0/172.17.0.2/16  pending\n"
        "   . containers/web/routes/default  pending\n"
        "Stopped: 1 created, 0 updated, 0 replaced, 0 deleted, 12 unchanged, 1 failed, 2 pending.\n"
    )
    data = report_data(report)
    assert data["failed"] == [{"address": "containers/web/eth0", "errno": 22, "error": "Invalid argument: too large"}]
    assert data["pending"] == ["containers/web/eth0/172.17.0.2/16", "containers/web/routes/default"]


def test_nothing_to_do_is_one_line() -> None:
    assert report_text(Report(EMPTY, verified=True)) == "No changes. Lab shop is as it should be: 12 objects.\n"
