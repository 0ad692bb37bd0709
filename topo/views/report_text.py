"""Report -> text: what was done, and when it was not all, what failed and what is pending."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from topo.applier import Report
from topo.planner.plan import CREATE, DELETE, Change
from topo.views.paint import paint
from topo.views.plan_text import SIGNS, STYLES, change_lines, changes_by_group, summary


def report_text(report: Report, *, colour: bool = False) -> str:
    """What was done, a container or network that came or went whole in one line; then what was not; then the summary."""
    if report.plan.empty:
        return summary(report.plan) + "\n"
    lines = [line for name, changes in changes_by_group(report.done) for line in _group(name, changes, colour)]
    for failed in report.failed:
        lines.append(f" {paint('  x', 'red', colour=colour)} {failed.change.address}  failed: {failed.error.message}")
    for change in report.pending:
        lines.append(f" {paint('  .', 'dim', colour=colour)} {change.address}  pending")
    return "\n".join([*lines, _summary(report)]) + "\n"


def _group(name: str, changes: Sequence[Change], colour: bool) -> Iterator[str]:
    actions = {change.actions for change in changes}
    if len(changes) > 1 and actions in ({CREATE}, {DELETE}):
        (action,) = actions
        yield f" {paint(SIGNS[action].rjust(3), STYLES[action], colour=colour)} {name}  {len(changes)} objects"
        return
    width = max(len(change.address) for change in changes)
    for change in changes:
        yield from change_lines(change, width, colour=colour)


def _summary(report: Report) -> str:
    counts = ", ".join(f"{count} {name}" for name, count in report.summary.items())
    if report.failed or report.interrupted:
        return f"Stopped: {counts}, {len(report.failed)} failed, {len(report.pending)} pending."
    return f"Done: {counts}."
