"""fates, circles -> fates: where interfaces take each other's names, one of them goes aside under a temporary name."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from topo.objects import KINDS
from topo.objects.names import temporary
from topo.planner.edges import Edges, Node
from topo.planner.fate import Fate
from topo.planner.graph import circles


def first_aside(steps: Sequence[Node], made: Edges) -> tuple[Fate, Fate] | None:
    """The first fate whose steps are in a circle of names, and the same with a temporary name. None: no circle."""
    if not made.waits:
        return None
    circle = circles(made.hard)
    for number, token, other in made.waits:
        fate = steps[other].fate
        before = fate.via or fate.change.before
        if circle[number] == circle[other] and before is not None:
            aside = KINDS[before.kind].aside
            if aside is not None:
                return fate, replace(fate, via=aside(before, token, temporary(before.key, token)))
    return None
