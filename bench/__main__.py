"""What is asked for -> it is measured, printed and written down."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from bench import choices, report
from bench.groups import GROUPS, SMALL, Bench, Group
from bench.rows import ROWS, Row
from bench.shapes import SHAPE_GROUPS, SHAPE_ROWS
from bench.tools import HERE, Tools, at_least_one, find_topo


def options() -> argparse.Namespace:
    """What the caller asks for."""
    parser = argparse.ArgumentParser(prog="bench/run", description="Measures topo against a floor in C. Medians, in turns.")
    parser.add_argument("--only", nargs="+", metavar="ROW", help="measure these rows; --list names them")
    parser.add_argument("--list", action="store_true", help="name the rows, and measure nothing")
    parser.add_argument("--shapes", action="store_true", help="the rows of other shapes, instead of the table's")
    parser.add_argument("--choices", action="store_true", help="the floor with each design choice switched off, instead")
    parser.add_argument("--runs", type=at_least_one, default=5, help="turns (default: 5)")
    parser.add_argument("--containers", type=at_least_one, default=1000, help="of the table's labs (default: 1000)")
    parser.add_argument("--markdown", action="store_true", help="print a table of Markdown")
    parser.add_argument("--json", type=Path, default=HERE / "out" / "run.json", help="where to (default: bench/out/run.json)")
    parser.add_argument("--topo", metavar="COMMAND", help="the topo to measure (default: .venv's, or PATH's)")
    parser.add_argument("--python", type=Path, help="the Python of its environment (default: the one beside it)")
    return parser.parse_args()


def chosen(only: Sequence[str] | None, shapes: bool) -> Sequence[Row]:
    """The rows that are asked for. Exits when there is none of that name."""
    if not only:
        return SHAPE_ROWS if shapes else ROWS
    known = {row.key: row for row in (*ROWS, *SHAPE_ROWS)}
    if unknown := [key for key in only if key not in known]:
        sys.exit(f"bench: no row {', '.join(unknown)}: --list names them")
    return [known[key] for key in only]


def measured(rows: Sequence[Row], bench: Bench, runs: int) -> dict[str, list[float]]:
    """GROUP.NAME -> its numbers, one of each turn, of all groups that the rows need."""
    known: Mapping[str, Group] = {**GROUPS, **SHAPE_GROUPS}
    needed = list(dict.fromkeys(group for row in rows for group in row.groups))
    samples: dict[str, list[float]] = {}
    for group in needed:
        for turn in range(1 if known[group].once else runs):
            _tell(f"{group} {turn + 1} of {runs}")
            for name, value in known[group].turn(bench).items():
                samples.setdefault(f"{group}.{name}", []).append(value)
    _tell("")
    return samples


def _tell(words: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{words:30}\r", end="", file=sys.stderr, flush=True)


def warmed(bench: Bench) -> Bench:
    """Nothing that is measured is the first of its kind: Python has compiled its modules."""
    lab = bench.tools.lab("warm", SMALL)
    for argv in (
        ["up", lab],
        ["plan", lab],
        ["config", lab],
        ["ps", "--name", "warm"],
        ["show", "--name", "warm"],
        ["down", lab],
    ):
        bench.tools.topo(*argv)
    return bench


def main() -> None:
    """Measures, prints, and exits with 1 when a bar is missed."""
    asked = options()
    rows = chosen(asked.only, asked.shapes)
    if asked.list:
        print("\n".join(f"{row.key:14}{report.words(row, asked.containers)}" for row in rows))
        return
    command = find_topo(asked.topo)
    with tempfile.TemporaryDirectory() as folder:
        tools = Tools(command, asked.python or command.parent / "python", Path(folder))
        if asked.choices:
            table = choices.table(tools, asked.containers, asked.runs, _tell)
            print((report.markdown_of if asked.markdown else report.columns)(table))
            return
        samples = measured(rows, warmed(Bench(tools, asked.containers)), asked.runs)
    medians = {"containers": float(asked.containers), **{name: median(values) for name, values in samples.items()}}
    lines = [(row, row.judge(medians)) for row in rows]
    print((report.markdown if asked.markdown else report.text)(lines, asked.containers))
    asked.json.parent.mkdir(exist_ok=True)
    asked.json.write_text(json.dumps(report.record(lines, samples, asked.containers), indent=2) + "\n")
    sys.exit(any(judged.ok is False for _, judged in lines))


if __name__ == "__main__":
    main()
