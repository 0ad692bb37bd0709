"""A family of addresses -> what `up`, `plan`, an edit and `down` ask of the kernel: so much at all, and so much per container."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.counts import tracing
from tests.world.unshared import MARK
from topo.kernel.linux.messages import HEADER, NLM_F_DUMP, type_of

ROOT = Path(__file__).parents[2]
SIZES = 8, 24
"""Containers. Fewer than fill a send or a receive buffer: all that grows, grows straight."""

FAMILIES = "ipv4", "ipv6"
SUBNETS = {"ipv4": ["10.0.0.0/24"], "ipv6": ["10.0.0.0/24", "fd00::/64"]}
MOVED = "10.0.0.200"
COMMANDS = ("up", "plan", "edit", "down")

Costs = Mapping[str, Mapping[str, str]]
"""subject ("netlink", "calls", "elsewhere") -> what -> how often: `7 + 3n`, n the number of containers."""


@dataclass(frozen=True)
class Run:
    """What one command did."""

    counts: Mapping[str, Mapping[str, int]]
    messages: tuple[bytes, ...]
    """Those of rtnetlink, in their order."""
    modules: frozenset[str]

    @property
    def own(self) -> frozenset[str]:
        """Of the modules, topo's."""
        return frozenset(one for one in self.modules if one.partition(".")[0] == "topo")


def document(size: int, family: str, *, edited: bool = False) -> dict[str, Any]:
    """Containers on one bridge. The edit gives the last of them another address: that of no other one depends on it."""
    containers: dict[str, Any] = {f"c{number:02}": {"networks": ["lan"]} for number in range(1, size + 1)}
    if edited:
        containers[f"c{size:02}"] = {"networks": [{"network": "lan", "address": MOVED}]}
    return {"networks": {"lan": {"subnet": SUBNETS[family]}}, "containers": containers}


def measured(family: str) -> tuple[dict[str, Costs], dict[str, Run]]:
    """(command -> what it costs, command -> how it went in the smaller lab)."""
    _accustom()
    small, large = (lifetime(size, family) for size in SIZES)
    return {command: _costs(small[command].counts, large[command].counts) for command in COMMANDS}, small


def lifetime(size: int, family: str) -> dict[str, Run]:
    """A lab comes up, is planned, is edited, and goes."""
    with TemporaryDirectory() as folder:
        before, after = (Path(folder) / name for name in ("before.yaml", "after.yaml"))
        before.write_text(json.dumps(document(size, family)))
        after.write_text(json.dumps(document(size, family, edited=True)))
        orders = (("up", "-q", before), ("plan", "-q", before), ("up", "-q", after), ("down", "-q", "--timeout", "1"))
        return {command: run(*order, "--name", "t", traced=True) for command, order in zip(COMMANDS, orders, strict=True)}


@cache
def _accustom() -> None:
    """The first lab of a world finds no folder of namespaces."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "first.yaml"
        file.write_text("containers: {a: }")
        run("up", "-q", file)
        run("down", "-q", file)


def run(*argv: str | Path, folder: str | None = None, traced: bool = False) -> Run:
    """A command, in a process of its own and in that folder. Raises AssertionError when it fails."""
    with TemporaryDirectory() as files:
        said, log = Path(files) / "said", Path(files) / "log"
        tracer = ["strace", "-f", "-y", "-qq", "-s", "256", "-o", str(log)] if traced else []
        program = [*tracer, sys.executable, "-m", "tests.counts.counted", str(said), *map(str, argv)]
        given = {key: value for key, value in os.environ.items() if key == MARK or not key.startswith(("TOPO_", "PYTHON"))}
        environment = {**given, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
        where = folder or files
        done = subprocess.run(program, cwd=where, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert not done.returncode, f"topo {' '.join(map(str, argv))}: {done.stdout}{done.stderr}"
        lab, elsewhere = tracing.counts(log.read_text(errors="replace").splitlines()) if traced else (Counter(), Counter())
        return _run(json.loads(said.read_text()), lab, elsewhere)


def _run(said: Mapping[str, Any], lab: Counter[str], elsewhere: Counter[str]) -> Run:
    routes = tuple(one for kind, data in said["sent"] if kind == "route" for one in split(bytes.fromhex(data)))
    sends = Counter(f"sends of {kind}" for kind, _ in said["sent"])
    netlink = Counter(name(message) for message in routes) + sends + Counter(answers=said["answers"])
    return Run({"netlink": netlink, "calls": lab, "elsewhere": elsewhere}, routes, frozenset(said["modules"]))


def split(data: bytes) -> Iterator[bytes]:
    """The messages of one send."""
    at = 0
    while at < len(data):
        length = HEADER.unpack_from(data, at)[0]
        yield data[at : at + length]
        at += (length + 3) & ~3


def name(message: bytes) -> str:
    """`RTM_GETLINK dump`."""
    dump = HEADER.unpack_from(message)[2] & NLM_F_DUMP == NLM_F_DUMP
    return f"{type_of(message)} dump" if dump else type_of(message)


def _costs(small: Mapping[str, Mapping[str, int]], large: Mapping[str, Mapping[str, int]]) -> Costs:
    found: dict[str, dict[str, str]] = {}
    for subject in small:
        names = sorted(small[subject].keys() | large[subject].keys())
        both = {what: (small[subject].get(what, 0), large[subject].get(what, 0)) for what in names}
        lines = {what: _line(*counts, elsewhere=subject == "elsewhere") for what, counts in both.items()}
        found[subject] = {what: line for what, line in lines.items() if line}
    return found


def _line(small: int, large: int, *, elsewhere: bool) -> str:
    """`7 + 3n`. Elsewhere only what is per container counts."""
    each, rest = divmod(large - small, SIZES[1] - SIZES[0])
    if rest:
        return f"{small} for {SIZES[0]} containers, {large} for {SIZES[1]}"
    if elsewhere:
        return f"{each}n" if each else ""
    fixed = small - each * SIZES[0]
    return " + ".join([*([str(fixed)] if fixed or not each else []), *([f"{each}n"] if each else [])])
