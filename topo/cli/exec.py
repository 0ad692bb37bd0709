"""`topo exec`: a command inside a container."""

from __future__ import annotations

from typing import Annotated, Any, NoReturn

import typer

from topo.cli import options

_NOT_FOUND = 127

SETTINGS: dict[str, Any] = {
    "name": "exec",
    "context_settings": {"ignore_unknown_options": True, "allow_interspersed_args": False},
}
HELP = """Run a command in a container. topo becomes the command: terminal, signals and exit code are its own.

Exit codes: the command's own; 125 when topo fails, 126 when the command cannot be run, 127 when there is none of that name.

\b
Examples:
  topo exec web -- ping -c1 db
  topo exec --name shop web sh"""


def command(
    context: typer.Context,
    container: Annotated[str, typer.Argument(metavar="CONTAINER", help="The container's name.")],
    arguments: Annotated[
        list[str], typer.Argument(metavar="COMMAND", help="What to run there, and its arguments; it may stand behind --.")
    ],
    file_option: options.FileOption = None,
    name: options.Name = None,
) -> NoReturn:
    """Does not return."""
    from topo.cli import choice, output
    from topo.errors import UsageError

    words = arguments[1:] if arguments[0] == "--" else arguments
    if not words:
        raise UsageError("no command", hint=f"topo exec {container} -- COMMAND")
    if not words[0]:
        output.tell("error: '' is no command")
        raise typer.Exit(_NOT_FOUND)
    choice.running(None, file_option, name, context.obj).enter(container, words)
