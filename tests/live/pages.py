"""A page -> the same page with every block of it done: `yaml` is written, `console` is typed and answered, `python` runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.live.driving import environment
from tests.world.waiting import wait_for

BLOCK = re.compile(r"^```(yaml|console|python)\n(.*?)^```$", re.M | re.S)

VARYING = (
    (r" time=[\d.]+ ms", " time=0.050 ms"),  # of ping
    (r", time \d+ms", ", time 0ms"),
    (r"(rtt min/avg/max/mdev) = \S+ ms", r"\1 = 0.050/0.050/0.050/0.000 ms"),
    (r"(scope \w+)( noprefixroute)? proto \w+", r"\1"),  # of an address: iproute2 before 6.3 does not show it
    (r" +$", ""),  # of ip, where nothing follows
)
"""What differs from one run to the next, or between versions of a program: a pattern, and what stands for it."""

UNSETTLED = re.compile(r"^(?:\d+: )?(?!lo\b|\d+: lo\b)\S+ .*(?:NO-CARRIER|state (?:DOWN|UNKNOWN|disabled)|LOWERLAYERDOWN)", re.M)
"""What is said of a cable in the second before the kernel says that it is plugged in (linkwatch_event). It is asked again."""

NO_NAMESPACE = "Error: Peer netns reference is invalid.\n"
"""What ip says of the file that the canary puts among the names of namespaces; nobody who reads the page has it."""


@contextmanager
def installed(folder: Path) -> Iterator[Path]:
    """A folder in which `topo` is a command; the labs that a page left behind are taken down."""
    (folder / "bin").mkdir()
    command = folder / "bin" / "topo"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m topo "$@"\n')
    command.chmod(0o755)
    try:
        yield folder
    finally:
        argv = [command, "ls", "-q"]
        for lab in subprocess.run(argv, env=environment(), capture_output=True, text=True, check=True).stdout.split():
            subprocess.run([command, "down", "-q", "--name", lab], env=environment(), check=True)


def differences(page: Path, folder: Path) -> list[str]:
    """The blocks that do not come out as the page has them, as they come out.

    With TOPO_PAGES=write in the environment they are put in the place of those of the page.
    """
    wrong: list[str] = []

    def replace(block: re.Match[str]) -> str:
        found = f"```{block[1]}\n{_done(block[1], block[2], folder)}```"
        if steady(found) == steady(block[0]):
            return block[0]
        wrong.append(found)
        return found

    text = BLOCK.sub(replace, page.read_text())
    if os.environ.get("TOPO_PAGES") == "write":
        page.write_text(text)
    return wrong


def steady(block: str) -> str:
    """A block with what varies replaced. Numbers of namespaces are counted, so that the same one is the same one still."""
    for pattern, instead in VARYING:
        block = re.sub(pattern, instead, block, flags=re.M)
    numbers = list(dict.fromkeys(re.findall(r"net:\[(\d+)\]", block)))
    return re.sub(r"net:\[(\d+)\]", lambda found: f"net:[{numbers.index(found[1])}]", block)


def _done(language: str, content: str, folder: Path) -> str:
    if language == "console":
        commands = [line for line in content.splitlines() if line.startswith("$ ")]
        return "".join(f"{command}\n{_typed(command[2:], folder)}" for command in commands)
    if language == "python":
        subprocess.run([sys.executable, "-c", content], cwd=folder, env=environment(), check=True)
        return content
    name = re.match(r"# (\S+\.yaml)\n", content)
    assert name, f"a yaml block begins with the name of its file: {content}"
    (folder / name[1]).write_text(content)
    return content


def _typed(command: str, folder: Path) -> str:
    """What a terminal would show."""
    shown = {**environment(), "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "COLUMNS": "120"}

    def answer() -> tuple[str, bool]:
        argv, merged = ["sh", "-c", command], subprocess.STDOUT
        done = subprocess.run(argv, cwd=folder, env=shown, stdout=subprocess.PIPE, stderr=merged, text=True, check=False)
        return done.stdout, not UNSETTLED.search(done.stdout)

    found, settled = answer()
    if not settled:
        wait_for(lambda: answer()[1], why=f"{command}: {found}")
        found, _ = answer()
    return re.sub(r" +$", "", found.replace(NO_NAMESPACE, ""), flags=re.M)
