"""arguments -> exit code: the commands, and what becomes of an error in any of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from topo.cli import config, down, exec, failure, ls, output, plan, ps, show, up

if TYPE_CHECKING:
    from topo.kernel.protocol import Kernel

_EXAMPLE = """\b
Examples:
  topo up lab.yaml        bring a lab up, or change it to what the file says
  topo plan lab.yaml      what that would change
  topo exec web -- ip a   run a command in one of its containers
  topo down lab.yaml      take it down, and leave nothing"""

_COMMANDS = (up, down, plan, ps, ls, exec, show, config)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        output.show(f"topo {version('topo-lab')}\n")
        raise typer.Exit


def _everywhere(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version, and nothing else.")
    ] = False,
) -> None:
    pass


def _application(first: str) -> typer.Typer:
    """What understands the command line. Of the commands only the one that is its `first` word, if that is one: typer takes
    half a millisecond to look at each."""
    app = typer.Typer(
        name="topo",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(help=f"Network labs from a YAML file.\n\n{_EXAMPLE}")(_everywhere)
    named = [command for command in _COMMANDS if command.SETTINGS["name"] == first]
    for command in named or _COMMANDS:
        app.command(help=command.HELP, **command.SETTINGS)(command.command)
    return app


def run(arguments: Sequence[str], kernel: Kernel | None) -> int:
    """The exit code of a command. `kernel` None: the machine's own."""
    arguments = arguments or ["--help"]
    try:
        app = _application(arguments[0])
        code = app(args=list(arguments), prog_name="topo", obj=kernel, standalone_mode=False) or 0
    except KeyboardInterrupt:
        code = failure.INTERRUPTED
    except Exception as error:
        return output.finished(failure.told(error, arguments))
    if code == failure.INTERRUPTED:  # typer makes an exit of Ctrl-C
        output.tell("interrupted")
    return output.finished(code)
