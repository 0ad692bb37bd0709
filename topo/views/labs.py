"""RunningLabs -> the rows of `topo ls`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from topo.applier import RunningLab
from topo.objects.names import fabric_of
from topo.views.table import table


def labs_data(labs: Sequence[RunningLab]) -> list[dict[str, Any]]:
    """Per lab {name, namespace (of its fabric), containers}."""
    return [{"name": lab.name, "namespace": fabric_of(lab.name), "containers": list(lab.containers)} for lab in labs]


def labs_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as a table."""
    cells = [(row["name"], row["namespace"], str(len(row["containers"]))) for row in rows]
    return table(("LAB", "NAMESPACE", "CONTAINERS"), cells)
