"""tests/plans/*.yaml -> cases: two documents, what was done by hand in between, and the plan that is expected."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from msgspec.structs import replace

from topo.document import loads
from topo.kernel.fake import FakeKernel
from topo.kernel.protocol import Scope
from topo.objects import KINDS, Object, State
from topo.objects.state import ALL_FEATURES
from topo.planner import plan
from topo.planner.difference import differences
from topo.planner.plan import CREATE, DELETE, REPLACE, UPDATE, Change, Plan
from topo.planner.values import object_from, values
from topo.resolver import resolve

FOLDER = Path(__file__).parents[1] / "plans"
LAB = "t"
_SIGNS = {CREATE: "+", UPDATE: "~", REPLACE: "-/+", DELETE: "-"}


@dataclass(frozen=True, slots=True)
class Case:
    """`before` was brought up, `by_hand` done to it; `after` is planned for."""

    name: str
    before: State
    after: State
    by_hand: tuple[Mapping[str, Any], ...]
    features: frozenset[str]
    expected: Mapping[str, Any]

    def kernel(self) -> FakeKernel:
        """A kernel that holds what there is."""
        kernel = FakeKernel(self.features)
        for operation in plan(self.before, kernel.observe(Scope(LAB))).operations:
            assert not kernel.execute([operation])
        there = kernel.observe(Scope(LAB))
        for before, after in [_edit(edit, there) for edit in self.by_hand]:
            kernel.alter(LAB, before, after)
        return kernel


def cases() -> Iterator[Case]:
    """All of them."""
    for path in sorted(FOLDER.glob("*.yaml")):
        for name, case in yaml.safe_load(path.read_text())["cases"].items():
            before = state(case["before"]) if "before" in case else State(LAB)
            yield Case(
                name=f"{path.stem}: {name}",
                before=before,
                after=state(case["after"]) if "after" in case else before,
                by_hand=tuple(case.get("by_hand", ())),
                features=frozenset() if case.get("old_kernel") else ALL_FEATURES,
                expected={key: case[key] for key in ("changes", "conflicts", "operations") if key in case},
            )


def state(document: Mapping[str, Any]) -> State:
    """The desired state of a document."""
    return resolve(loads(json.dumps(document), "lab.yaml", name=LAB))


def told(made: Plan) -> dict[str, list[str]]:
    """A plan in the words of the tables."""
    return {
        "changes": [_line(change) for change in made.changes],
        "conflicts": [f"{conflict.address}: {conflict.reason}" for conflict in made.conflicts],
        "operations": [KINDS[step.thing.kind].words(step.before, step.after) for step in made.operations],
    }


def _line(change: Change) -> str:
    parts = [f"{_SIGNS[change.actions]} {change.address}"]
    if change.before and change.after and (paths := differences(change.after, change.before)):
        old, new = values(change.before), values(change.after)
        parts.append(": " + ", ".join(f"{path} {_value(old, path)} -> {_value(new, path)}" for path in paths))
    if change.reason:
        parts.append(f" ({change.reason})")
    return "".join([*parts, *(f"; {words}" for words in change.disruptive)])


def _value(nested: Any, path: str) -> str:
    for name in path.split("."):
        nested = nested[name]
    text = json.dumps(nested)
    return text.strip('"') if len(text) < 60 and "\\n" not in text else "..."


def _edit(edit: Mapping[str, Any], observed: State) -> tuple[Object | None, Object | None]:
    if "add" in edit:
        fields = dict(edit["add"])
        return None, object_from(fields.pop("kind"), {"namespace": None, **fields})
    address = edit.get("delete") or edit["change"]
    thing = {thing.address: thing for thing in observed.objects.values()}[address]
    return thing, None if "delete" in edit else _with(thing, edit["to"])


def _with(thing: Any, to: Mapping[str, Any]) -> Any:
    for path, value in to.items():
        first, _, rest = path.partition(".")
        old = getattr(thing, first)
        new = _with(old, {rest: value}) if rest else tuple(value) if isinstance(value, list) else value
        thing = replace(thing, **{first: new})
    return thing
