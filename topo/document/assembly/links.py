"""`links` of a document -> Link, one by one, and which interfaces they give to whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topo.document.assembly.families import unique, version
from topo.document.assembly.replicas import Replicas
from topo.document.assembly.values import each, known
from topo.document.formats.names import is_name
from topo.document.reader import Broken
from topo.document.report import Report, shown
from topo.lab import Endpoint, Link, Path

_LONGEST_PREFIX = {4: 31, 6: 127}


class Links:
    """made: the links; interfaces: container -> (interface, where it is said) for each end in it; sure: whether these are all."""

    def __init__(self, value: Any, replicas: Replicas, known_containers: bool, report: Report) -> None:
        self._replicas = replicas
        self._known_containers = known_containers
        self._report = report
        self.sure = not any(isinstance(entry, Broken) for entry in (value if isinstance(value, list) else [value]))
        self.interfaces: dict[str, list[tuple[str, Path]]] = {}
        self.made = tuple(link for path, entry in each(value, ("links",)) if (link := self._link(entry, path)))

    def _link(self, entry: Mapping[str, Any], path: Path) -> Link | None:
        subnets = unique(entry.get("subnet"), (*path, "subnet"), self._report, one_each="subnet")
        for place, subnet in each(entry.get("subnet"), (*path, "subnet")):
            most = _LONGEST_PREFIX[version(subnet)]
            if int(subnet.partition("/")[2]) > most:
                self._report.add(place, f"{subnet} has no room for two ends", hint=f"write a /{most}, or a larger subnet")
        sure = known(entry.get("subnet")) is not None or "subnet" not in entry
        families = {version(subnet) for subnet in subnets} if sure else {4, 6}
        self.sure &= isinstance(entry["endpoints"], list) and not any(isinstance(end, Broken) for end in entry["endpoints"])
        ends = [self._end(end, place, families) for place, end in each(entry["endpoints"], (*path, "endpoints"))]
        first, second = ends if len(ends) == 2 else (None, None)
        if first is None or second is None:
            return None
        return Link((first, second), subnets, known(entry.get("mtu")), path)

    def _end(self, end: Any, path: Path, families: set[int]) -> Endpoint | None:
        if isinstance(end, tuple):
            name, interface = end
            entry: Mapping[str, Any] = {}
            place = path
        else:
            name, interface, entry, place = known(end["container"]), known(end["interface"]), end, (*path, "container")
        container = self._container(name, interface, place) if name is not None else None
        addresses = unique(entry.get("address"), (*path, "address"), self._report)
        for address_path, address in each(entry.get("address"), (*path, "address")):
            if "/" not in address and version(address) not in families:
                message = f"{address} has no prefix length, and the link no IPv{version(address)} subnet"
                length = 30 if version(address) == 4 else 64
                self._report.add(address_path, message, hint=f"write {address}/{length}, or give the link a `subnet`")
        if container is None or interface is None:
            self.sure = False
            return None
        here = (*path, "interface") if entry else path
        self.interfaces.setdefault(container, []).append((interface, here))
        return Endpoint(container, interface, addresses, known(entry.get("mac")), path)

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
        elif self._known_containers:
            otherwise = f"declare it: containers: {{{name}: }}" if is_name(name) else "name one of `containers:`"
            hint = self._replicas.nearest.hint(name, otherwise)
            self._report.add(path, f"no container is called {shown(name)}", hint=hint, code="unknown-container")
        return None
