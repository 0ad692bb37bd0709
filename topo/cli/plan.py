"""`topo plan`: what `up` would change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from topo.cli import options

if TYPE_CHECKING:
    from topo import Kernel, Plan

SETTINGS: dict[str, Any] = {"name": "plan"}
HELP = """Show what `up` would change. Nothing is touched.

Exit codes: 0, also when changes are pending (with --check: 2); 4 when something that is not topo's is in the way.

\b
Examples:
  topo plan lab.yaml
  topo plan --check -q lab.yaml || echo "the lab is not what the file says"
  topo plan -o plan.json lab.yaml
  topo plan --from old.yaml new.yaml"""
_PENDING = 2
_CONFLICT = 4


def command(
    context: typer.Context,
    file: options.File = None,
    file_option: options.FileOption = None,
    name: options.Name = None,
    old: Annotated[
        Path | None, typer.Option("--from", metavar="OLD", help="Plan from this file, as if it ran: without a kernel or root.")
    ] = None,
    saved_as: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PLAN", help="Save the plan, for `up --plan`.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Exit with 2 when changes are pending.")] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the kernel operations too.")] = False,
    timings: options.Timings = False,
) -> int:
    """The plan goes to stdout."""
    from topo.cli import choice, output
    from topo.timings import stage

    new = choice.file_of(file, file_option)
    made = _between(old, new, name) if old else _planned(new, name, context.obj)
    if not quiet:
        for warning in made.warnings:
            output.tell(f"warning: {warning}")
    if saved_as:
        from topo.cli import saved

        saved.write(made, saved_as)
    with stage("print"):
        _show(made, json=json, quiet=quiet, verbose=verbose)
    if made.conflicts:
        return _CONFLICT
    return _PENDING if check and not made.empty else 0


def _between(old: Path, new: Path, name: str | None) -> Plan:
    import topo

    lab = topo.load(new, name=name)
    return topo.plan(lab, since=topo.load(old, name=lab.name))


def _planned(file: Path, name: str | None, kernel: Kernel | None) -> Plan:
    import topo
    from topo.cli import choice

    with choice.ahead(file, name, kernel) as machine:
        return topo.plan(topo.load(file, name=name), kernel=machine)


def _show(made: Any, *, json: bool, quiet: bool, verbose: bool) -> None:
    from topo.applier.report import conflict
    from topo.cli import output

    if json:
        from topo.views.plan_json import plan_json

        output.show(plan_json(made))
    elif not quiet:
        from topo.cli.progress import words
        from topo.views.plan_text import plan_text

        output.show(plan_text(made, colour=output.colour()))
        if verbose:
            output.show("".join(f"{words(operation)}\n" for operation in made.operations))
    elif made.conflicts:
        raise conflict(made.conflicts)
