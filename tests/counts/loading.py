"""Commands -> the modules that each of them loads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.counts.measuring import Run, run

DOCUMENT = "networks: {lan: {subnet: 10.0.0.0/24}}\ncontainers: {a: {networks: [lan]}}\n"
"""What every lab has. A kind of object that only some have may load more."""

OFFLINE: Mapping[str, tuple[str, ...]] = {
    "--help": ("--help",),
    "config": ("config", "t.yaml"),
    "plan --from": ("plan", "--from", "t.yaml", "t.yaml"),
}
"""These need no kernel."""

LIVE: Mapping[str, tuple[str, ...]] = {
    "up": ("up", "t.yaml"),
    "plan": ("plan", "t.yaml"),
    "ps": ("ps", "--name", "t"),
    "show": ("show", "--name", "t"),
    "ls": ("ls",),
    "down": ("down", "t.yaml"),
}
"""In an order in which they go."""

SLOW = {
    *("asyncio", "concurrent", "email", "html", "http", "logging", "multiprocessing", "pdb", "pydoc", "sqlite3", "ssl"),
    *("unittest", "xml", "attr", "hypothesis", "importlib_metadata", "jinja2", "jsonschema", "markdown_it", "pydantic"),
    *("pygments", "pyroute2", "pytest", "referencing", "rich", "rpds"),
}
"""No command needs them, and each takes longer to load than a small lab takes to be planned."""

NEEDLESS = {
    "--help": {"ctypes", "yaml"},
    "config": {"ctypes"},
    "plan --from": {"ctypes"},
    "ps": {"yaml"},
    "ls": {"yaml"},
    "down": {"yaml"},
}
"""They do not get to the kernel, or read no file."""


def runs(commands: Mapping[str, tuple[str, ...]]) -> dict[str, Run]:
    """Each of the commands, in a process of its own."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "t.yaml").write_text(DOCUMENT)
        return {command: run(*argv, folder=folder) for command, argv in commands.items()}


def by_module(found: Mapping[str, Run]) -> dict[str, str]:
    """topo's module -> the commands that load it: `up, plan`."""
    whose: dict[str, list[str]] = defaultdict(list)
    for command, done in found.items():
        for module in sorted(done.own):
            whose[module].append(command)
    return {module: ", ".join(commands) for module, commands in sorted(whose.items())}
