"""`topo ls`: the labs of this machine."""

from __future__ import annotations

from typing import Any

import typer

from topo.cli import options

SETTINGS: dict[str, Any] = {"name": "ls"}
HELP = """List the labs that run on this machine.

\b
Examples:
  topo ls
  topo ls --json"""


def command(
    context: typer.Context,
    file_option: options.FileOption = None,
    name: options.Name = None,
    json: options.Json = False,
    quiet: options.Terse = False,
    timings: options.Timings = False,
) -> None:
    """The table goes to stdout. A lab that is named is the only one listed."""
    import topo
    from topo.cli import choice, output
    from topo.views.labs import labs_data, labs_text

    labs = topo.labs(kernel=context.obj)
    if file_option is not None or name is not None:
        wanted = choice.lab_of(None, file_option, name, [lab.name for lab in labs])
        labs = tuple(lab for lab in labs if lab.name == wanted)
    rows = labs_data(labs)
    output.show_rows(rows, labs_text, json=json, quiet=quiet)
