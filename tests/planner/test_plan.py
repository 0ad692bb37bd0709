"""The tables of tests/plans, and what holds for every plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.machines.exact import assert_exact
from tests.planner.tables import LAB, Case, cases, state, told
from topo.applier.execution import apply
from topo.kernel.protocol import Scope
from topo.objects import State
from topo.objects.address import Address
from topo.planner import plan
from topo.planner.plan import DELETE, REPLACE
from topo.views.plan_json import plan_data

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/plan.schema.json").read_text())


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_table(case: Case) -> None:
    kernel = case.kernel()
    before = kernel.observe(Scope(LAB))
    made = plan(case.after, before)
    said = told(made)
    assert {key: said[key] for key in case.expected} == case.expected
    Draft202012Validator(SCHEMA).validate(plan_data(made))
    if made.conflicts:
        assert not made.operations
        return
    assert_exact(made, before, case.after)
    assert not apply(made, kernel).failed
    assert plan(case.after, kernel.observe(Scope(LAB))).empty


def test_nothing_to_do() -> None:
    desired = state({"containers": {"a": None, "b": None}})
    made = plan(desired, desired)
    assert made.empty
    assert made.summary == {"create": 0, "update": 0, "replace": 0, "delete": 0, "unchanged": len(desired.objects)}


def test_sources_and_warnings_are_kept() -> None:
    made = plan(State(LAB), State(LAB), sources=[("lab.yaml", "00")], warnings=["many ports"])
    assert made.sources == (("lab.yaml", "00"),)
    assert made.warnings == ("many ports",)


def test_a_change_knows_where_the_file_asks_for_it() -> None:
    made = plan(state({"containers": {"a": None}}), State(LAB))
    places = {change.address: change.source for change in made.changes}
    assert places["containers/a"] is not None
    assert places["containers/a"].file == "lab.yaml"


def test_what_goes_with_a_renamed_interface_is_called_as_it_is_now() -> None:
    networks = {"n": {"subnet": "10.0.0.0/24"}}
    before = state({"networks": networks, "containers": {"a": {"networks": [{"network": "n", "interface": "x"}]}}})
    attachment = {"network": "n", "interface": "y", "address": "10.0.0.9"}
    after = state({"networks": networks, "containers": {"a": {"networks": [attachment]}}})
    made = plan(after, before)
    gone = [change.before for change in made.changes if change.before and change.actions in (DELETE, REPLACE)]
    assert gone
    assert all(before.objects[thing.key] == thing for thing in gone)
    assert {thing.interface for thing in gone if isinstance(thing, Address)} == {"x"}
    deleted = next(step.before for step in made.operations if isinstance(step.before, Address) and step.after is None)
    assert deleted.interface == "y"
    assert_exact(made, before, after)
