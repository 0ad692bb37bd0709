"""fates, circles -> fates: where interfaces take each other's names, one of them goes aside under a temporary name."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from topo.objects import KINDS
from topo.objects.names import temporary
from topo.planner.edges import Edges
from topo.planner.fate import Fate
from topo.planner.graph import circles
from topo.planner.nodes import Node


def aside(fates: Sequence[Fate], steps: Sequence[Node], made: Edges) -> Sequence[Fate]:
    """The same fates, of each circle of names the first one with a temporary name. The very same, where there is no circle."""
    if not made.waits:
        return fates
    circle = circles(made.hard)
    changed: dict[int, tuple[Fate, Fate]] = {}
    for number, token, other in made.waits:
        fate = steps[other].fate
        before = fate.via or fate.change.before
        if circle[number] == circle[other] and circle[number] not in changed and before is not None:
            aside = KINDS[before.kind].aside
            if aside is not None:
                changed[circle[number]] = fate, replace(fate, via=aside(before, token, temporary(before.key, token)))
    instead = {id(fate): other for fate, other in changed.values()}
    return [instead.get(id(fate), fate) for fate in fates] if instead else fates
