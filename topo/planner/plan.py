"""Plan, Change, Conflict: what the planner says, and what is shown, saved and applied."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from topo.errors import Where
from topo.kernel.protocol import Operation
from topo.objects import Object
from topo.planner.fingerprint import Observed

CREATE = ("create",)
UPDATE = ("update",)
REPLACE = ("delete", "create")
DELETE = ("delete",)


class Change(Struct, frozen=True, gc=False):
    """What happens to one object. `address` is unique in a plan.

    reason: why it is replaced or deleted; "" where the file alone says it.
    replace_paths: the fields that force a replacement. disruptive: in words, what is lost that is not topo's, or is interrupted.
    """

    address: str
    kind: str
    namespace: str | None
    actions: tuple[str, ...]
    before: Object | None
    after: Object | None
    reason: str = ""
    replace_paths: tuple[str, ...] = ()
    disruptive: tuple[str, ...] = ()
    source: Where | None = None


class Conflict(Struct, frozen=True):
    """Something that is not topo's stands where a desired object must be."""

    address: str
    kind: str
    namespace: str | None
    reason: str
    hint: str


class Plan(Struct, frozen=True):
    """The ordered operations that turn the actual state into the desired one, and the changes that they make up.

    observed: objects of ours and what stands in their way; of a plan that was saved, their fingerprint.
    sources: (path, sha256) of the files that the desired state came from. warnings: sentences for the user.
    """

    lab: str
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    operations: tuple[Operation, ...]
    observed: Observed | str
    unchanged: int
    sources: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Of what was observed: no index, no counter, no order."""
        return self.observed if isinstance(self.observed, str) else self.observed.fingerprint

    @property
    def empty(self) -> bool:
        """Nothing to do: the one predicate behind text, JSON and exit code."""
        return not self.changes and not self.conflicts

    @property
    def summary(self) -> dict[str, int]:
        """How many objects are created, updated, replaced, deleted and left as they are."""
        names = {CREATE: "create", UPDATE: "update", REPLACE: "replace", DELETE: "delete"}
        counts = Counter(names[change.actions] for change in self.changes)
        return {name: counts[name] for name in names.values()} | {"unchanged": self.unchanged}
