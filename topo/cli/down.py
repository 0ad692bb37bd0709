"""`topo down`: a lab ends, and nothing of it is left."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from topo.cli import options

SETTINGS: dict[str, Any] = {"name": "down"}
HELP = """Take a lab down: its processes, namespaces and files. Returns when all of it is gone.

Only the lab's name is needed: a broken or lost file is no obstacle.

\b
Examples:
  topo down lab.yaml
  topo down --name ci-17"""


def command(
    context: typer.Context,
    file: options.File = None,
    file_option: options.FileOption = None,
    name: options.Name = None,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", min=0, help="How long a process has to end by itself.")
    ] = 10.0,
    lock_timeout: options.LockTimeout = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say what is waited for.")] = False,
    timings: options.Timings = False,
) -> None:
    """Says on stdout what was done."""
    import topo
    from topo.cli import choice, output
    from topo.cli.interruption import Interruption
    from topo.cli.patience import patiently
    from topo.errors import UsageError

    lab = choice.named_lab(file, file_option, name)
    if lab is None:  # what destroys does not guess
        running = ", ".join(one.name for one in topo.labs(kernel=context.obj)) or "none"
        raise UsageError(f"which lab? Running: {running}", hint="say it: topo down FILE, or topo down --name LAB")
    with Interruption("the lab is going down; that is not stopped half way") as interruption:

        def remove(seconds: float | None) -> bool:
            tell = output.tell if verbose else lambda words: None
            return topo.down(lab, kernel=context.obj, grace=timeout, lock_timeout=seconds, on_lock=interruption.hold, tell=tell)

        removed = patiently(remove, lock_timeout, quiet=quiet)
    if json:
        output.show_json({"lab": lab, "removed": removed})
    elif not quiet:
        output.show(f"Lab {lab} is down.\n" if removed else f"Lab {lab} does not run: nothing to do.\n")
