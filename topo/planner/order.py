"""fates -> steps -> operations, in the order of execution."""

from __future__ import annotations

from collections.abc import Sequence

from topo.kernel.protocol import Operation
from topo.planner.aside import aside
from topo.planner.batches import batched
from topo.planner.edges import Edges, edges
from topo.planner.fate import Fate
from topo.planner.graph import arranged
from topo.planner.nodes import Node, Nodes


def ordered(steps: Sequence[Node], made: Edges) -> tuple[Operation, ...]:
    """What is needed comes first, and what nobody waits for goes last. Operations of one namespace stand together, to be
    executed as one batch; ids count from 1 in this order."""
    leaving = [step.after is None for step in steps]
    order, needs = arranged(made.hard, made.soft, leaving)
    order = batched(order, needs, [step.namespace for step in steps], leaving)
    ids = [0] * len(steps)
    for at, number in enumerate(order, start=1):
        ids[number] = at
    operations, id_of = [], ids.__getitem__
    for at, number in enumerate(order, start=1):
        step = steps[number]
        first = tuple(sorted(map(id_of, needs[number])))
        operations.append(Operation(at, step.namespace, step.before, step.after, first, step.fate.change.address))
    return tuple(operations)


def untangled(fates: Sequence[Fate], nodes: Nodes) -> tuple[Sequence[Node], Edges]:
    """The steps of all fates and their edges, without a circle of names."""
    lost = [fate for fate in fates if fate.lost]
    while True:
        steps = nodes.of(fates)
        made = edges(steps, nodes, lost)
        free = aside(fates, steps, made)
        if free is fates:
            return steps, made
        fates = free
