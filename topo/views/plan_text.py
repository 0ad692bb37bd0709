"""Plan -> text: what will change, grouped by container and network, old -> new, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from topo.objects import KINDS
from topo.planner.plan import CREATE, DELETE, REPLACE, UPDATE, Change, Conflict, Plan
from topo.views import fields
from topo.views.paint import paint

SIGNS = {CREATE: "+", UPDATE: "~", REPLACE: "-/+", DELETE: "-"}
STYLES = {CREATE: "green", UPDATE: "yellow", REPLACE: "magenta", DELETE: "red"}
_WIDEST = 48


def plan_text(plan: Plan, *, colour: bool = False) -> str:
    """The whole plan, the things that stay left out; its last line is the summary."""
    blocks = [*_groups(plan, colour), *(_conflict(conflict, colour) for conflict in plan.conflicts), summary(plan)]
    return "\n\n".join(blocks) + "\n"


def summary(plan: Plan) -> str:
    """The plan in one line."""
    if plan.empty:
        return f"No changes. Lab {plan.lab} is as it should be: {plan.unchanged} objects."
    counts = plan.summary
    todo = ", ".join(f"{counts[name]} to {name}" for name in ("create", "update", "replace", "delete"))
    conflicts = f" {len(plan.conflicts)} in the way: nothing can be applied." if plan.conflicts else ""
    return f"Plan: {todo}, {counts['unchanged']} unchanged.{conflicts}"


def group_of(address: str) -> str:
    """The heading that an object stands under: `container web`, `network front`, `lab`."""
    room, _, rest = address.partition("/")
    name = rest.partition("/")[0]
    return f"{room.removesuffix('s')} {name}" if room in ("containers", "networks") else room


def changes_by_group(changes: Iterable[Change]) -> Iterator[tuple[str, list[Change]]]:
    """The changes under their headings, both in the order in which they first come."""
    groups: dict[str, list[Change]] = {}
    group: list[Change] = []
    inside = "/"
    for change in changes:
        if not change.address.startswith(inside):  # of a container they come one after the other
            inside = "/".join([*change.address.split("/")[:2], ""])
            group = groups.setdefault(group_of(change.address), [])
        group.append(change)
    yield from groups.items()


def _groups(plan: Plan, colour: bool) -> Iterator[str]:
    for name, changes in changes_by_group(plan.changes):
        width = min(_WIDEST, max(len(change.address) for change in changes))
        lines = [line for change in changes for line in change_lines(change, width, colour=colour)]
        yield "\n".join([paint(name, "bold", colour=colour), *lines])


def change_lines(change: Change, width: int, *, colour: bool) -> Iterator[str]:
    """A line for the change, and indented ones for what does not fit into it. `width`: of the address."""
    facts = _facts(change)
    short = facts[0] if len(facts) == 1 and len(facts[0]) == 1 else []
    sign = paint(SIGNS[change.actions].rjust(3), STYLES[change.actions], colour=colour)
    words = "  ".join([change.kind.ljust(9), *short])
    yield f" {sign} {change.address.ljust(width)}  {words}".rstrip()
    if not short:
        for line in (line for fact in facts for line in fact):
            yield f"       {_painted(line, colour)}"
    if change.reason:
        yield f"       because {change.reason}"
    for loss in change.disruptive:
        yield f"       {paint('!', 'red', colour=colour)} {loss}"


def _facts(change: Change) -> list[list[str]]:
    """Per fact of a change its lines."""
    if change.before and change.after:
        return [_difference(change.kind, *difference) for difference in fields.changed(change.before, change.after)]
    if change.after:
        made = ", ".join(f"{path} {fields.spelled(change.kind, path, value)}" for path, value in fields.unusual(change.after))
        return [[made]] if made else []
    return []


def _difference(kind: str, path: str, old: object, new: object) -> list[str]:
    was, becomes = (fields.spelled(kind, path, value) for value in (old, new))
    lines = [] if path in KINDS[kind].spelled else list(fields.lines(old, new))
    return [f"{path}:", *(f"  {line}" for line in lines)] if lines else [f"{path}: {was} -> {becomes}"]


def _painted(line: str, colour: bool) -> str:
    mark = line.lstrip()[:2]
    return paint(line, {"+ ": "green", "- ": "red"}[mark], colour=colour) if mark in ("+ ", "- ") else line


def _conflict(conflict: Conflict, colour: bool) -> str:
    sign = paint("  !", "red", colour=colour)
    return f" {sign} {conflict.address}  {conflict.kind}\n       {conflict.reason}\n       hint: {conflict.hint}"
