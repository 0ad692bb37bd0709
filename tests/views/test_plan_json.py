"""A plan that is saved is the same when it is read, and nobody can change it unseen."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from tests.views.plans import CONFLICT, EMPTY, PLAN
from topo.errors import UsageError
from topo.views.plan_json import plan_data, plan_from_json, plan_json

SCHEMA = Path(__file__).parents[2] / "schemas" / "plan.schema.json"
FIELDS = {
    *("format_version", "lab", "source", "observed", "plan_id", "empty", "summary"),
    *("changes", "conflicts", "operations", "warnings"),
}


@pytest.mark.parametrize("plan", [PLAN, EMPTY, replace(EMPTY, conflicts=(CONFLICT,))], ids=["full", "empty", "conflict"])
def test_it_comes_back_as_it_was(plan: Any) -> None:
    assert plan_from_json(plan_json(plan), "plan.json") == replace(plan, operations=())


@pytest.mark.parametrize("plan", [PLAN, EMPTY, replace(EMPTY, conflicts=(CONFLICT,))], ids=["full", "empty", "conflict"])
def test_the_schema_holds(plan: Any) -> None:
    jsonschema.validate(plan_data(plan), json.loads(SCHEMA.read_text()))


def test_it_has_the_fields_of_the_format() -> None:
    data = plan_data(PLAN)
    assert data.keys() == FIELDS
    assert data["format_version"] == "1.0"
    assert data["observed"] == {"fingerprint": "f" * 64}
    assert data["source"] == [{"path": "shop.yaml", "sha256": "a" * 64}]
    assert data["summary"] == {"create": 1, "update": 4, "replace": 1, "delete": 1, "unchanged": 12}
    replaced = next(change for change in data["changes"] if change["address"] == "containers/web/eth0/172.17.0.2/16")
    assert replaced["actions"] == ["delete", "create"]
    assert replaced["replace_paths"] == ["broadcast"]
    made = next(change for change in data["changes"] if change["address"] == "networks/front")
    assert made["before"] is None
    assert made["source"] == {"file": "shop.yaml", "line": 3, "column": 5}
    assert data["operations"][1].keys() == {"id", "op", "needs", "change"}


def test_warnings_are_kept_and_sealed() -> None:
    plan = replace(PLAN, warnings=("many ports",), operations=())
    data = plan_data(plan)
    jsonschema.validate(data, json.loads(SCHEMA.read_text()))
    assert data["warnings"] == ["many ports"]
    assert plan_from_json(plan_json(plan), "plan.json") == plan
    with pytest.raises(UsageError, match="changed after it was made"):
        plan_from_json(json.dumps(data | {"warnings": []}), "plan.json")


def test_a_plan_of_before_there_were_warnings_is_read() -> None:
    data = plan_data(EMPTY)
    del data["warnings"], data["plan_id"]
    digest = sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    assert plan_from_json(json.dumps(data | {"plan_id": digest}), "plan.json") == EMPTY


def test_the_same_plan_gives_the_same_bytes_with_sorted_keys() -> None:
    text = plan_json(PLAN)
    assert text == plan_json(replace(PLAN))
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"


def test_a_plan_that_somebody_changed_is_refused() -> None:
    data = json.loads(plan_json(PLAN))
    data["changes"][2]["after"]["mtu"] = 9000
    with pytest.raises(UsageError, match="the plan was changed after it was made"):
        plan_from_json(json.dumps(data), "plan.json")


@pytest.mark.parametrize("text", ["", "{}", "[]", "3", "containers: {a: }", '{"format_version": "1.0"}'])
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"plan\.json: this is not a plan"):
        plan_from_json(text, "plan.json")


def test_a_plan_of_another_format_is_refused() -> None:
    data = plan_data(PLAN) | {"format_version": "2.0"}
    with pytest.raises(UsageError, match=r"format 2\.0"):
        plan_from_json(json.dumps(data), "plan.json")
