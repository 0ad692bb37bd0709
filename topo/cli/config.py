"""`topo config`: the document as resolved."""

from __future__ import annotations

from typing import Any

import typer

from topo.cli import options

SETTINGS: dict[str, Any] = {"name": "config"}
HELP = """Show a lab's file with all that topo decides filled in.

Every subnet, address, MAC and interface is said: it is a file for `up` itself, and gives the same lab.

\b
Examples:
  topo config lab.yaml
  topo config --json lab.yaml"""


def command(
    context: typer.Context,
    file: options.File = None,
    file_option: options.FileOption = None,
    name: options.Name = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    timings: options.Timings = False,
) -> None:
    """The document goes to stdout. With -q it is only checked."""
    import topo
    from topo.cli import choice, output
    from topo.timings import stage
    from topo.views.config import config_data, config_yaml

    lab = topo.load(choice.file_of(file, file_option), name=name)
    with stage("print"):
        data = config_data(lab)
        if json:
            output.show_json(data, ordered=True)  # the order of containers is that of their addresses
        elif not quiet:
            output.show(config_yaml(data))
