"""What is asked for -> the lab by each of the rivals that are here, and the table."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench import report
from bench.field.docker import DOCKER
from bench.field.iproute import IPROUTE
from bench.field.mininet import MININET
from bench.field.munet import MUNET
from bench.field.own import FLOOR, TOPO
from bench.field.podman import PODMAN
from bench.field.pyroute import PYROUTE
from bench.field.rival import Place, Rival
from bench.processes import Failed
from bench.tools import Tools, at_least_one, find_topo

NAMES = {
    "floor": FLOOR,
    "topo": TOPO,
    "iproute2": IPROUTE,
    "pyroute2": PYROUTE,
    "mininet": MININET,
    "munet": MUNET,
    "podman": PODMAN,
    "docker": DOCKER,
}


def options() -> argparse.Namespace:
    """What the caller asks for."""
    parser = argparse.ArgumentParser(prog="bench/rivals", description="The same lab by other programs, side by side.")
    parser.add_argument("--containers", type=at_least_one, nargs="+", default=[20, 100])
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--markdown", action="store_true", help="print a table of Markdown")
    parser.add_argument("--topo", metavar="COMMAND", help="the topo to measure (default: .venv's, or PATH's)")
    return parser.parse_args()


def measured(rival: Rival, place: Place, containers: int) -> tuple[float, float]:
    """Seconds of up, and of down until the kernel has let go, for each container."""
    lab = rival.lab(place, containers)
    start = time.perf_counter()
    with lab:
        there = time.perf_counter()
        up = there - start
    down = time.perf_counter() - there + place.tools.still_going()
    return up / containers, down / containers


def line(rival: Rival, place: Place, sizes: Sequence[int]) -> list[str]:
    """Its row: milliseconds, or why there are none."""
    empty = [""] * (2 * len(sizes))
    if missing := rival.missing():
        return [rival.name, f"not here: {', '.join(missing)}", *empty[1:]]
    cells = [rival.name]
    try:
        with rival.service(place):
            for size in sizes:
                both = measured(rival, place, size) if size <= rival.most else None
                cells += [f"{each * 1e3:.2f}" for each in both] if both else ["", ""]
    except Failed as error:
        print(f"{rival.name}: {error}", file=sys.stderr)
        return [rival.name, "does not run here", *empty[1:]]
    return cells


def main() -> None:
    """Measures one after the other, and prints."""
    asked = options()
    rivals = [rival for name, rival in NAMES.items() if not asked.only or name in asked.only]
    head = [f"{what} of {size}" for size in asked.containers for what in ("up", "down")]
    table = [["ms a container", *head]]
    command = find_topo(asked.topo)
    with tempfile.TemporaryDirectory() as folder:
        tools = Tools(command, command.parent / "python", Path(folder))
        for rival in rivals:
            with tempfile.TemporaryDirectory(dir=folder) as own:
                table.append(line(rival, Place(tools, Path(own)), asked.containers))
    print((report.markdown_of if asked.markdown else report.columns)(table))


if __name__ == "__main__":
    main()
