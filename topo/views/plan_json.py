"""Plan <-> JSON: the format that is saved, reviewed and applied later; schemas/plan.schema.json describes it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from topo.errors import UsageError, Where
from topo.kernel.protocol import Operation
from topo.objects import KINDS, Object
from topo.planner.plan import Change, Conflict, Plan
from topo.planner.values import object_from, values
from topo.views.json_text import json_text

FORMAT_VERSION = "1.0"
_LAB = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


def plan_data(plan: Plan) -> dict[str, Any]:
    """The plan as plain data. `plan_id` is a hash of all the rest."""
    data: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "lab": plan.lab,
        "source": [{"path": path, "sha256": digest} for path, digest in plan.sources],
        "observed": {"fingerprint": plan.fingerprint},
        "warnings": list(plan.warnings),
        "empty": plan.empty,
        "summary": plan.summary,
        "changes": [_change(change) for change in plan.changes],
        "conflicts": [_conflict(conflict) for conflict in plan.conflicts],
        "operations": [_operation(operation) for operation in plan.operations],
    }
    return data | {"plan_id": _hash(data)}


def plan_json(plan: Plan) -> str:
    """The plan as text: the same plan gives the same bytes."""
    return json_text(plan_data(plan))


def plan_from_json(text: str, name: str) -> Plan:
    """The plan that `plan_json` wrote, without its operations: they are made again from what is observed when it is applied.

    `name` is what the text is called in an error. Raises UsageError for a text that is not such a plan, or was changed.
    """
    try:
        data = json.loads(text)
        version = str(data["format_version"])
        if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
            raise UsageError(f"{name}: plans of format {version} are not known to this topo", hint="make the plan again")
        if data.pop("plan_id") != _hash(data) or not _LAB.fullmatch(data["lab"]):
            raise UsageError(f"{name}: the plan was changed after it was made", hint="make it again: topo plan -o plan.json")
        return _plan(data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{name}: this is not a plan", hint="topo plan -o plan.json writes one") from error


def _hash(data: Mapping[str, Any]) -> str:
    return sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _change(change: Change) -> dict[str, Any]:
    where = change.source
    return {
        "address": change.address,
        "kind": change.kind,
        "namespace": change.namespace,
        "actions": list(change.actions),
        "reason": change.reason,
        "replace_paths": list(change.replace_paths),
        "before": values(change.before) if change.before else None,
        "after": values(change.after) if change.after else None,
        "disruptive": list(change.disruptive),
        "source": {"file": where.file, "line": where.line, "column": where.column} if where else None,
    }


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "address": conflict.address,
        "kind": conflict.kind,
        "namespace": conflict.namespace,
        "reason": conflict.reason,
        "hint": conflict.hint,
    }


def _operation(operation: Operation) -> dict[str, Any]:
    words = KINDS[operation.thing.kind].words(operation.before, operation.after)
    return {"id": operation.id, "op": words, "needs": list(operation.needs), "change": operation.change}


def _plan(data: Mapping[str, Any]) -> Plan:
    return Plan(
        lab=data["lab"],
        changes=tuple(_change_from(change) for change in data["changes"]),
        conflicts=tuple(Conflict(**conflict) for conflict in data["conflicts"]),
        operations=(),
        observed=data["observed"]["fingerprint"],
        unchanged=data["summary"]["unchanged"],
        sources=tuple((source["path"], source["sha256"]) for source in data["source"]),
        warnings=tuple(data.get("warnings", ())),
    )


def _change_from(data: Mapping[str, Any]) -> Change:
    return Change(
        address=data["address"],
        kind=data["kind"],
        namespace=data["namespace"],
        actions=tuple(data["actions"]),
        before=_object_from(data["kind"], data["before"]),
        after=_object_from(data["kind"], data["after"]),
        reason=data["reason"],
        replace_paths=tuple(data["replace_paths"]),
        disruptive=tuple(data["disruptive"]),
        source=Where(**data["source"]) if data["source"] else None,
    )


def _object_from(kind: str, data: Mapping[str, Any] | None) -> Object | None:
    return None if data is None else object_from(kind, data)
