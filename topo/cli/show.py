"""`topo show`: the wiring of a lab."""

from __future__ import annotations

from typing import Any

import typer

from topo.cli import options

SETTINGS: dict[str, Any] = {"name": "show"}
HELP = """Show the wiring of a lab: interfaces, cables, bridges, routes.

As the kernel holds it: each index, both ends of each cable, MACs, MTUs, addresses, and what is not topo's too.

\b
Examples:
  topo show
  topo show lab.yaml
  topo show --name shop --json"""


def command(
    context: typer.Context,
    file: options.RunningFile = None,
    file_option: options.FileOption = None,
    name: options.Name = None,
    json: options.Json = False,
    quiet: options.Terse = False,
    timings: options.Timings = False,
) -> None:
    """The wiring goes to stdout."""
    from topo.cli import choice, output
    from topo.timings import stage
    from topo.views.wiring import wiring
    from topo.views.wiring_text import wiring_text

    state = choice.running(file, file_option, name, context.obj).observe()
    with stage("print"):
        data = wiring(state)
        if json:
            output.show_json(data)
        elif quiet:
            output.show(
                "".join(f"{room['namespace']}\n" for room in (*data["containers"], data["fabric"]) if room and room["namespace"])
            )
        else:
            output.show(wiring_text(data, colour=output.colour()))
