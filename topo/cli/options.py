"""The options that several commands have, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

File = Annotated[Path | None, typer.Argument(metavar="FILE", help="The lab's file; topo.yaml, here or above, when left out.")]
RunningFile = Annotated[
    Path | None,
    typer.Argument(metavar="FILE", help="The lab's file; topo.yaml, here or above, or the one lab that runs, when left out."),
]
FileOption = Annotated[Path | None, typer.Option("--file", "-f", metavar="FILE", help="The lab's file, said as an option.")]
Name = Annotated[
    str | None, typer.Option("--name", metavar="LAB", help="The lab's name, instead of the one that the file gives.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Terse = Annotated[bool, typer.Option("--quiet", "-q", help="Print names only.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print each kernel operation as it is done.")]
Timings = Annotated[bool, typer.Option("--timings", help="Say on stderr how long each stage took, as TOPO_TIMINGS=1 does.")]
LockTimeout = Annotated[
    float | None,
    typer.Option("--lock-timeout", metavar="SECONDS", min=0, help="How long to wait for another topo that changes this lab."),
]
