"""a file <-> the plan that is saved in it."""

from __future__ import annotations

from pathlib import Path

from topo.errors import UsageError
from topo.planner.plan import Plan
from topo.views.plan_json import plan_from_json, plan_json


def read(path: Path, document: Path | None, name: str | None) -> Plan:
    """The plan in a file. Raises UsageError: it cannot be read, or `document` or `name` say something else than it does."""
    if document is not None:
        raise UsageError(f"a plan and a file: {path} and {document}", hint="a saved plan needs no file: topo up --plan plan.json")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not text"
        raise UsageError(f"{path}: cannot be read: {why}", hint="topo plan -o plan.json writes a plan") from error
    plan = plan_from_json(text, str(path))
    if name not in (None, plan.lab):
        raise UsageError(f"{path} is a plan for the lab {plan.lab}, not for {name}", hint="leave out --name")
    return plan


def write(plan: Plan, path: Path) -> None:
    """Saves a plan. Raises UsageError when the file cannot be written."""
    if str(path) == "-":
        raise UsageError("-o takes a file's name", hint="topo plan --json prints the plan")
    try:
        path.write_text(plan_json(plan), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}", hint="name another file") from error
