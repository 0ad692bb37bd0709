"""`topo ps`: the containers of a lab."""

from __future__ import annotations

from typing import Any

import typer

from topo.cli import options

SETTINGS: dict[str, Any] = {"name": "ps"}
HELP = """List the containers of a lab: namespace, addresses, processes, published ports.

\b
Examples:
  topo ps
  topo ps lab.yaml
  topo ps --name shop --json"""


def command(
    context: typer.Context,
    file: options.RunningFile = None,
    file_option: options.FileOption = None,
    name: options.Name = None,
    json: options.Json = False,
    quiet: options.Terse = False,
    timings: options.Timings = False,
) -> None:
    """The table goes to stdout."""
    from topo.cli import choice, output
    from topo.views.containers import containers_data, containers_text

    lab = choice.running(file, file_option, name, context.obj)
    rows = containers_data(lab.observe(), lab.containers, lab.processes())
    output.show_rows(rows, containers_text, json=json, quiet=quiet)
