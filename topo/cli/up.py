"""`topo up`: a lab comes up, or changes in place to what its file says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from topo.cli import options

if TYPE_CHECKING:
    from topo import Kernel, Lab, Plan, Report
    from topo.cli.progress import Progress

SETTINGS: dict[str, Any] = {"name": "up"}
HELP = """Bring a lab up, or change a running one to what its file says.

Nothing that the file leaves as it is notices. A second `up` finds nothing to do.

\b
Examples:
  topo up lab.yaml
  topo up --name ci-17 lab.yaml
  topo plan -o plan.json lab.yaml && topo up --plan plan.json"""


def command(
    context: typer.Context,
    file: options.File = None,
    file_option: options.FileOption = None,
    name: options.Name = None,
    plan_file: Annotated[
        Path | None, typer.Option("--plan", metavar="PLAN", help="Do exactly what this saved plan says; exit 4 when it is stale.")
    ] = None,
    lock_timeout: options.LockTimeout = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    timings: options.Timings = False,
) -> None:
    """The report goes to stdout."""
    import topo
    from topo.cli import choice, output
    from topo.cli.progress import Progress
    from topo.timings import stage
    from topo.views.report_json import report_data
    from topo.views.report_text import report_text

    def applied(what: Lab | Plan, kernel: Kernel | None) -> Report:
        with Progress(verbose=verbose, quiet=quiet) as progress:
            return _applied(what, kernel, lock_timeout, progress)

    if plan_file is None:
        lab_file = choice.file_of(file, file_option)
        with choice.ahead(lab_file, name, context.obj, change=True) as kernel:
            report = applied(topo.load(lab_file, name=name), kernel)
    else:
        from topo.cli import saved

        report = applied(saved.read(plan_file, file or file_option, name), context.obj)
    with stage("print"):
        if json:
            output.show_json(report_data(report))
        elif not quiet:
            output.show(report_text(report, colour=output.colour()))


def _applied(what: Lab | Plan, kernel: Kernel | None, lock_timeout: float | None, progress: Progress) -> Report:
    """Once something is being changed, Ctrl-C ends it between two operations."""
    import topo
    from topo.cli.interruption import Interruption
    from topo.cli.patience import patiently

    with Interruption("stopping after the operations under way ...") as interruption:

        def begin(plan: Plan) -> None:
            progress.planned(plan)
            interruption.hold()

        def apply(timeout: float | None) -> Report:
            return topo.apply(
                what,
                kernel=kernel,
                lock_timeout=timeout,
                on_plan=begin,
                on_operation=progress.done,
                interrupted=interruption.asked,
            )

        return patiently(apply, lock_timeout, quiet=progress.quiet)
