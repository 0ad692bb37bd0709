"""Labs of other shapes than the table's: the groups that measure them, and their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from bench.documents import Shape
from bench.groups import Bench, Group, Numbers, built
from bench.rows import Row, against


def _plan(bench: Bench, shape: Shape) -> Numbers:
    return {"plan": bench.tools.topo("plan", bench.tools.lab("bench", shape)).seconds}


def _many_networks(bench: Bench) -> Numbers:
    return built(bench, Shape(max(1, bench.containers // 20), bridges=20, networks=20), looks=_plan)


def _one_with_many(bench: Bench) -> Numbers:
    return built(bench, Shape(1, bridges=20, networks=20), looks=_plan)


def _pairs(bench: Bench) -> Numbers:
    return built(bench, Shape(bench.containers, bridges=max(1, bench.containers // 2)), looks=_plan)


def _routes(bench: Bench) -> Numbers:
    return built(bench, Shape(2, routes=3 * bench.containers), looks=_plan)


SHAPE_GROUPS: Mapping[str, Group] = {
    "networks": Group(_many_networks),
    "twenty": Group(_one_with_many),
    "pairs": Group(_pairs),
    "routes": Group(_routes),
}


def _rows(group: str, work: str, most: float | None, down: float | None) -> Sequence[Row]:
    row = partial(Row, groups=[group])
    return (
        row(f"{group}-up", f"`up` of {work}", judge=against(f"{group}.up", f"{group}.floor up", most)),
        row(f"{group}-plan", "no-change `plan`", judge=against(f"{group}.plan", f"{group}.floor dump", None)),
        row(f"{group}-down", "`down`", judge=against(f"{group}.down", f"{group}.floor down", down)),
    )


SHAPE_ROWS: Sequence[Row] = (
    *_rows("networks", "{twentieth} containers on 20 networks each", 1.6, 1.3),
    *_rows("twenty", "1 container on 20 networks", None, None),
    *_rows("pairs", "{half} networks of 2 containers", 1.6, 1.3),
    *_rows("routes", "2 containers, one with {routes} routes", None, None),
)
"""A lab that the floor builds in a few milliseconds has no bar: the start of Python would be all of the ratio."""
