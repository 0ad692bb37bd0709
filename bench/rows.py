"""The medians of what was measured -> the lines of the table, each held to its bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Medians = Mapping[str, float]
"""GROUP.NAME -> the median of its turns."""


@dataclass(frozen=True)
class Judged:
    """One line of the table, in words. ok: None where there is no bar."""

    topo: str
    reference: str
    ratio: str
    bar: str
    ok: bool | None


@dataclass(frozen=True)
class Row:
    """work: {n} is the number of containers, {large} that of the large lab. groups: what must be measured for it."""

    key: str
    work: str
    groups: Sequence[str]
    judge: Callable[[Medians], Judged]


def seconds(value: float) -> str:
    """0.123 s."""
    return f"{value:.3f} s"


def against(ours: str, reference: str, most: float | None, name: str = "floor") -> Callable[[Medians], Judged]:
    """Ours may take `most` times what the reference takes."""

    def judge(medians: Medians) -> Judged:
        ratio = medians[ours] / medians[reference]
        bar, ok = ("", None) if most is None else (f"<= {most:g}", ratio <= most)
        return Judged(seconds(medians[ours]), f"{name} {seconds(medians[reference])}", f"{ratio:.2f}", bar, ok)

    return judge


def within(ours: str, most: float) -> Callable[[Medians], Judged]:
    """Ours may take `most` seconds."""
    return lambda medians: Judged(seconds(medians[ours]), "", "", f"<= {most:g} s", medians[ours] <= most)


def _answers(medians: Medians) -> Judged:
    got, asked = medians["lab.answers"], medians["containers"]
    return Judged(f"{got:.0f} answers", "", "", f"{asked:.0f}", got == asked)


def _each(medians: Medians) -> Judged:
    one, other = medians["lab.up"] / medians["containers"], medians["large.up"] / (4 * medians["containers"])
    return Judged(f"{other * 1e3:.2f} ms", f"{one * 1e3:.2f} ms", f"{other / one:.2f}", "<= 1.2", other <= 1.2 * one)


def _plan(medians: Medians) -> Judged:
    own, floor = medians["lab.plan"] - medians["lab.start"], medians["lab.floor dump"]
    return Judged(seconds(own), f"floor {seconds(floor)}", f"{own / floor:.2f}", "<= 4", own <= 4 * floor)


def _edit(medians: Medians) -> Judged:
    edit, plan = medians["lab.edit"], medians["lab.plan"]
    return Judged(seconds(edit), f"plan {seconds(plan)}", f"{(edit - plan) * 1e3:+.0f} ms", "<= +60 ms", edit <= plan + 0.06)


def _peak(medians: Medians) -> Judged:
    peak = medians["lab.peak"]
    return Judged(f"{peak:.0f} MiB", "", "", "<= 80 MiB", peak <= 80)


def _growth(medians: Medians) -> Judged:
    small, half, whole = (medians[f"memory.{name}"] for name in ("small", "half", "whole"))
    first, second = half - small, whole - half
    said = f"{small:.0f}, {half:.0f}, {whole:.0f} MiB"
    return Judged(said, "", f"{second / first:.2f}" if first > 0 else "", "<= 1.2", second <= 1.2 * first)


def _left(medians: Medians) -> Judged:
    left = medians["lab.left"]
    return Judged(f"{left:.0f} processes", "", "", "0", left == 0)


ROWS: Sequence[Row] = (
    Row("up", "`up` of {n} containers on one bridge", ["lab"], against("lab.up", "lab.floor up", 1.5)),
    Row("up-ipv6", "the same with IPv6", ["ipv6"], against("ipv6.up", "ipv6.floor up", 1.6)),
    Row("pings", "each of them pings its gateway, at once", ["lab"], _answers),
    Row("large", "`up` of {large} on 8 bridges", ["large"], against("large.up", "large.floor up", 1.6)),
    Row("each", "the same per container, against {n} on one", ["lab", "large"], _each),
    Row("plan", "no-change `plan` of {n}, less that of 2", ["lab"], _plan),
    Row("plan-whole", "no-change `plan` of {n}, whole", ["lab"], against("lab.plan", "lab.floor dump", 10)),
    Row("edit", "`up` after one edit in {n}", ["lab"], _edit),
    Row("down", "`down` of {n}, until the kernel let go", ["lab"], against("lab.down", "lab.floor down", 1.3)),
    Row("memory", "peak memory of `up` of {n}", ["lab"], _peak),
    Row("growth", "the same for 2, {half}, {n}: growth by the second half", ["memory"], _growth),
    Row("idle", "processes of an idle lab", ["lab"], _left),
    Row("help", "`topo --help`", ["start"], against("start.help", "start.minimal", 1.25, "typer")),
    Row("plan-small", "`plan` of 2 containers", ["start"], against("start.plan", "start.imports", 1.3, "imports")),
    Row("plan-from", "`plan --from` of {n}, 10 edits", ["files"], within("files.plan", 0.6)),
    Row("config", "`config` of {n}", ["lab"], within("lab.config", 0.5)),
    Row("ps", "`ps --json` of {n}", ["lab"], within("lab.ps", 0.5)),
    Row("show", "`show --json` of {n}", ["lab"], within("lab.show", 0.5)),
)
"""The table."""
