"""an entry of `containers` -> Container; with replicas, several of one make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from topo.document.assembly.attachments import attachment
from topo.document.assembly.families import unique
from topo.document.assembly.networks import Networks
from topo.document.assembly.ports import ports
from topo.document.assembly.replicas import Replicas
from topo.document.assembly.routes import routes
from topo.document.assembly.values import each, known, known_at
from topo.document.report import Report
from topo.lab import DEFAULT_NETWORK, Attachment, Container, Path, Route


def containers(
    entries: Mapping[str, Mapping[str, Any]], replicas: Replicas, networks: Networks, linked: Set[str], report: Report
) -> Iterator[Container]:
    """All containers. `linked`: those that stand in a link; who is neither on a network nor linked joins `default`."""
    for key, entry in entries.items():
        made = _container(key, entry, networks, report)
        for name in replicas.members[key]:
            named = made if name == key else replace(made, name=name)
            joins = "networks" not in entry and name not in linked
            yield replace(named, attachments=(Attachment(DEFAULT_NETWORK, path=made.path),)) if joins else named


def _container(name: str, entry: Mapping[str, Any], networks: Networks, report: Report) -> Container:
    path: Path = ("containers", name)
    given = {key: _READ[key](entry[key], (*path, key), report) for key in entry if key in _READ}
    if given.get("gateway_network") is not None:
        networks.check(given["gateway_network"], (*path, "gateway_network"))
    attachments = tuple(_attachments(entry.get("networks"), (*path, "networks"), networks, report))
    return Container(name, attachments, path=path, **given)


def _attachments(value: Any, path: Path, networks: Networks, report: Report) -> Iterator[Attachment]:
    for index, entry in enumerate(value if isinstance(value, list) else ()):
        place = (*path, index)
        # A broken entry keeps its place: interfaces are counted.
        yield attachment(entry, place, networks, report) or Attachment("", path=place)


def _sysctls(value: Any, path: Path, report: Report) -> Mapping[str, str]:
    if isinstance(value, dict):
        return MappingProxyType({key: text for key, text in value.items() if known(text) is not None})
    found: dict[str, str] = {}
    places: dict[str, Path] = {}
    for place, (key, text) in each(value, path):
        if places.setdefault(key, place) is not place:
            message = f"{key} stands at {report.places.nearest(places[key])} too"
            report.add(place, message, hint="remove one of them", code="duplicate")
        found[key] = text
    return MappingProxyType(found)


def _routes(value: Any, path: Path, _: Report) -> tuple[Route, ...]:
    return tuple(routes(value, path))


def _hosts(value: Any, path: Path, _: Report) -> tuple[tuple[str, str], ...]:
    if isinstance(value, dict):
        return tuple((name, address) for name, address in value.items() if known(address) is not None)
    return tuple(dict.fromkeys(pair for _, pair in each(value, path)))


_READ: Mapping[str, Callable[[Any, Path, Report], Any]] = {
    "loopback": unique,
    "hostname": known_at,
    "sysctls": _sysctls,
    "routes": _routes,
    "extra_hosts": _hosts,
    "gateway_network": known_at,
    "ports": ports,
    "publish": known_at,
}
"""What most containers say nothing of: key -> what becomes of its value."""
