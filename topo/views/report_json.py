"""Report -> JSON."""

from __future__ import annotations

from typing import Any

from topo.applier import Report


def report_data(report: Report) -> dict[str, Any]:
    """The report as plain data; changes by their plan address."""
    return {
        "lab": report.lab,
        "done": [{"address": change.address, "kind": change.kind, "actions": list(change.actions)} for change in report.done],
        "failed": [
            {"address": one.change.address, "error": one.error.message, "errno": one.error.errno} for one in report.failed
        ],
        "pending": [change.address for change in report.pending],
        "interrupted": report.interrupted,
        "verified": report.verified,
        "differences": list(report.differences),
        "obstacles": [{"error": one.message, "hint": one.hint} for one in report.obstacles],
        "summary": report.summary,
    }
