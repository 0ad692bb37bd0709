"""topo, and the floor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bench.documents import Shape
from bench.field.rival import Place, Rival


@contextmanager
def _topo(place: Place, containers: int) -> Iterator[None]:
    lab = place.tools.lab("bench", Shape(containers))
    place.tools.topo("up", "-q", lab)
    yield
    place.tools.topo("down", "-q", lab)


@contextmanager
def _floor(place: Place, containers: int) -> Iterator[None]:
    place.tools.floor("up", Shape(containers))
    yield
    place.tools.floor("down", Shape(containers))


TOPO = Rival("topo", [], _topo)
FLOOR = Rival("the floor, in C", [], _floor)
