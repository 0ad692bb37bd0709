"""The labs that are measured: topo takes their files, and has in them what the floor builds."""

from __future__ import annotations

from pathlib import Path

import pytest

import topo
from bench.documents import Shape
from topo.objects.address import Address
from topo.objects.route import Route
from topo.resolver import resolve


@pytest.mark.parametrize(
    "shape",
    [
        Shape(3),
        Shape(3, ipv6=True),
        Shape(8, bridges=4),
        Shape(2, bridges=5, networks=5),
        Shape(2, routes=300),
        Shape(300, moved={150: 300}),
    ],
    ids=str,
)
def test_topo_takes_the_file(shape: Shape, tmp_path: Path) -> None:
    path = tmp_path / "bench.yaml"
    path.write_text(shape.document())
    objects = resolve(topo.load(path)).objects.values()
    inside = [thing for thing in objects if isinstance(thing, Address) and thing.owner.startswith("containers/")]
    families = [4] if not shape.ipv6 else [4, 6, 6]  # and fe80::
    assert len(inside) == shape.containers * shape.networks * len(families)
    more = [thing for thing in objects if isinstance(thing, Route) and thing.to.startswith("100.")]
    assert len(more) == shape.routes


def test_an_edit_moves_one_address() -> None:
    before, after = Shape(10).document().splitlines(), Shape(10, moved={5: 10}).document().splitlines()
    assert [(one, other) for one, other in zip(before, after, strict=True) if one != other] == [
        ("        address: 10.0.0.7", "        address: 10.0.0.17")
    ]
