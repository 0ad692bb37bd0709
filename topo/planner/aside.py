"""fates, circles -> fates: where interfaces take each other's names, one of them goes aside under a temporary name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

from topo.objects import KINDS, Object, Token
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
                return fate, replace(fate, via=aside(before, token, temporary(before, token)))
    return None


def temporary(thing: Object, token: Token) -> str:
    """A name that nobody else thinks of, the same in every plan; 12 of the 15 characters that a name may have."""
    return "topo" + blake2b(repr((thing.key, token)).encode(), digest_size=4).hexdigest()
