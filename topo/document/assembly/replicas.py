"""the keys of `containers` -> the names of containers: a key with `replicas` stands for web-1 .. web-N."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topo.document.assembly.values import known
from topo.document.formats.names import LONGEST, is_name
from topo.document.reader import Broken
from topo.document.report import Report, shown
from topo.document.suggest import Nearest
from topo.lab import Path


class Replicas:
    """members: key -> the containers that it stands for; origin: container -> its key; nearest: for names that are neither.
    all_known: whether the document says what containers there are."""

    def __init__(self, entries: Mapping[str, Mapping[str, Any]], report: Report, *, all_known: bool = True) -> None:
        self._report = report
        self._all_known = all_known
        self.members = {key: self._members(key, entry) for key, entry in entries.items()}
        self.origin: dict[str, str] = {}
        for key, members in self.members.items():
            clashes = [member for member in members if self.origin.setdefault(member, key) != key]
            if clashes:
                first = report.places.nearest(("containers", self.origin[clashes[0]]), key=True)
                message = f"a container called {shown(clashes[0])} comes from {first} too"
                report.add(("containers", key), message, hint="rename one of them", key=True, code="duplicate")
        self._unsure = tuple(f"{key}-" for key, entry in entries.items() if isinstance(entry.get("replicas"), Broken))
        self.nearest = Nearest(dict.fromkeys([*self.members, *self.origin]))

    def tell_unknown(self, name: str, path: Path) -> None:
        """Reports a name that no container has, unless it may be a replica of a key that says wrongly how many there are."""
        if self._all_known and not name.startswith(self._unsure):
            otherwise = f"declare it: containers: {{{name}: }}" if is_name(name) else "name one of `containers:`"
            hint = self.nearest.hint(name, otherwise)
            self._report.add(path, f"no container is called {shown(name)}", hint=hint, code="unknown-container")

    def _members(self, key: str, entry: Mapping[str, Any]) -> tuple[str, ...]:
        number = known(entry.get("replicas"))
        if number is None:
            return (key,)
        last = f"{key}-{number}"
        if len(last) > LONGEST >= len(key):
            message = f"the last replica, {shown(last)}, has more than {LONGEST} characters"
            self._report.add(("containers", key), message, hint="choose a shorter name", key=True, code="name", harmless=True)
        return tuple(f"{key}-{index}" for index in range(1, number + 1))
