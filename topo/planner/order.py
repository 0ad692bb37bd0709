"""fates -> operations, in the order of execution."""

from __future__ import annotations

from collections.abc import Iterable

from topo.kernel.protocol import Operation
from topo.planner.aside import first_aside
from topo.planner.batches import batched
from topo.planner.edges import edges, nodes
from topo.planner.fate import Fate
from topo.planner.graph import arranged


def ordered(fates: Iterable[Fate]) -> tuple[Operation, ...]:
    """What is needed comes first, and what nobody waits for goes last. Operations of one namespace stand together, to be
    executed as one batch; ids count from 1 in this order."""
    fates = list(fates)
    steps = nodes(fates)
    lost = [fate for fate in fates if fate.lost]
    made = edges(steps, lost)
    while change := first_aside(steps, made):
        old, new = change
        fates = [new if fate is old else fate for fate in fates]
        steps = nodes(fates)
        made = edges(steps, lost)
    leaving = [step.after is None for step in steps]
    order = arranged(made.hard, made.soft, leaving)
    position = {number: at for at, number in enumerate(order)}
    # A soft need that would make a circle is none.
    needs = [
        {other for other in (*hard, *soft) if position[other] < position[number]}
        for number, (hard, soft) in enumerate(zip(made.hard, made.soft, strict=True))
    ]
    order = batched(order, needs, [step.namespace for step in steps], leaving)
    ids = {number: at for at, number in enumerate(order, start=1)}
    return tuple(
        Operation(
            id=ids[number],
            namespace=steps[number].namespace,
            before=steps[number].before,
            after=steps[number].after,
            needs=tuple(sorted(ids[other] for other in needs[number])),
            change=steps[number].fate.change.address,
        )
        for number in order
    )
