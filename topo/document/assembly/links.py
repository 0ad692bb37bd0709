"""`links` of a document -> Link, one by one, and who stands in one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topo.document.assembly.families import one_each, unique
from topo.document.assembly.impairments import directions
from topo.document.assembly.replicas import Replicas
from topo.document.assembly.values import each, known
from topo.document.report import Report
from topo.lab import Endpoint, Link, Path
from topo.networks import version_of

_LONGEST_PREFIX = {4: 31, 6: 127}


class Links:
    """made: the links of which both ends are known; linked: the containers that stand in any."""

    def __init__(self, value: Any, replicas: Replicas, report: Report) -> None:
        self._replicas = replicas
        self._report = report
        self.linked: set[str] = set()
        self.made = tuple(link for path, entry in each(value, ("links",)) if (link := self._link(entry, path)))

    def _link(self, entry: Mapping[str, Any], path: Path) -> Link | None:
        subnets = self._subnets(entry.get("subnet"), (*path, "subnet"))
        ends = [self._end(end, where) for where, end in each(entry["endpoints"], (*path, "endpoints"))]
        first, second = ends if len(ends) == 2 else (None, None)
        if first is None or second is None:
            self._report.lose(path)
            return None
        forward, reverse = directions(entry, path, self._report)
        up = known(entry.get("up", True)) is not False
        return Link((first, second), subnets, known(entry.get("mtu")), forward, reverse, up, path)

    def _subnets(self, value: Any, path: Path) -> tuple[str, ...]:
        one_each(value, path, "subnet of one link", self._report)
        for place, subnet in each(value, path):
            most = _LONGEST_PREFIX[version_of(subnet)]
            if int(subnet.partition("/")[2]) > most:
                message, hint = f"{subnet} has no room for two ends", f"write a /{most}, or a larger subnet"
                self._report.add(place, message, hint=hint, code="subnet-exhausted")
        return unique(value, path, self._report)

    def _end(self, end: Any, path: Path) -> Endpoint | None:
        if isinstance(end, tuple):
            name, interface = end
            entry: Mapping[str, Any] = {}
            place = path
        else:
            name, interface, entry, place = known(end["container"]), known(end["interface"]), end, (*path, "container")
        container = self._container(name, interface, place) if name is not None else None
        addresses = unique(entry.get("address"), (*path, "address"), self._report)
        if container is None:
            return None
        self.linked.add(container)
        return Endpoint(container, interface, addresses, known(entry.get("mac")), path) if interface is not None else None

    def _container(self, name: str, interface: str | None, path: Path) -> str | None:
        """The one container that a name in a link means."""
        if name in self._replicas.origin:
            return name
        members = self._replicas.members.get(name, ())
        if len(members) == 1:
            return members[0]
        if members:
            message = f"{name} stands for {len(members)} replicas, and a link ends in one"
            written = f"{members[0]}:{interface}" if path[-1] != "container" else members[0]
            self._report.add(path, message, hint=f"write {written}", code="replicas")
        else:
            self._replicas.tell_unknown(name, path)
        return None
