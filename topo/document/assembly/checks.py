"""a container with all that the document gives it -> what of it cannot be together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from topo.document.assembly.networks import Networks
from topo.document.reader import Broken
from topo.document.report import Report, shown
from topo.lab import Container, Path

_OF_NAMESPACES = ("loopback", "sysctls", "routes", "gateway_network")
_PER_INTERFACE = ("conf", "neigh")

Ends = Iterable[tuple[str, Path]]
"""The interfaces that links give a container, and where they are said."""


def check(container: Container, entry: Mapping[str, Any], ends: Ends, networks: Networks, report: Report, *, sure: bool) -> None:
    """Reports what needs the whole of a container to be seen. `sure`: whether `ends` is all that the links were to give it."""
    _alone(container, networks, report)
    drivers = [networks.driver(attachment.network) for attachment in container.attachments]
    if any(driver and not driver.namespace for driver in drivers):
        _borrowed(container, entry, ends, report)
        return
    names = _interfaces(container, ends, report)
    if isinstance(entry.get("networks"), Broken) or not all(attachment.network for attachment in container.attachments):
        return
    _gateway_network(container, networks, report)
    if sure:
        _used_interfaces(container, names, report)


def check_replicas(key: str, entry: Mapping[str, Any], report: Report) -> None:
    """Reports what only one container can have, of a key with several replicas."""
    number = entry.get("replicas")
    if not isinstance(number, int) or number < 2:
        return
    path: Path = ("containers", key)
    networks = entry.get("networks")
    static = [(*path, "loopback")] if "loopback" in entry else []
    for index, item in enumerate(networks if isinstance(networks, list) else ()):
        if isinstance(item, dict):
            static += [(*path, "networks", index, name) for name in ("address", "mac") if name in item]
    for place in static:
        what = {"mac": "MAC", "loopback": "address on lo"}.get(str(place[-1]), "address")
        message = f"{number} replicas cannot have one {what}"
        report.add(place, message, hint=f"remove `{place[-1]}`, or write the containers one by one", key=True, code="replicas")


def _alone(container: Container, networks: Networks, report: Report) -> None:
    if len(container.attachments) < 2:
        return
    for attachment in container.attachments:
        driver = networks.driver(attachment.network)
        if driver and not driver.segment:
            message = f"`{attachment.network}` stands alone: a container on it is on no other network"
            hint = f"write networks: [{attachment.network}], or remove it from the list"
            report.add(attachment.path, message, hint=hint, code="network-alone")


def _borrowed(container: Container, entry: Mapping[str, Any], ends: Ends, report: Report) -> None:
    """What would change the host's own namespace."""
    for key in _OF_NAMESPACES:
        if key in entry:
            message = "a container on `host` has the host's namespace, which topo does not change"
            report.add((*container.path, key), message, hint=f"remove `{key}`", key=True, code="host-namespace")
    for _, path in ends:
        message = "no link can end in a container on `host`: it has the host's namespace"
        report.add(path, message, hint="name another container", code="host-namespace")


def _interfaces(container: Container, ends: Ends, report: Report) -> dict[str, Path]:
    """The interfaces of a container, and where each is said."""
    found: dict[str, Path] = {}
    for name, path, given in _named(container, ends):
        first = found.setdefault(name, path)
        if first == path:
            continue
        place = report.places.nearest(first)
        if given:
            report.add(
                path, f"the container has {shown(name)} already, from {place}", hint="choose another name", code="duplicate"
            )
        else:
            message = f"without `interface` this one would be {shown(name)}, which is taken at {place}"
            report.add(path, message, hint="give it an `interface`, or another one to the other", code="duplicate")
    return found


def _named(container: Container, ends: Ends) -> Iterator[tuple[str, Path, bool]]:
    for position, attachment in enumerate(container.attachments):
        if attachment.interface:
            yield attachment.interface, (*attachment.path, "interface"), True
        else:
            yield f"eth{position}", attachment.path, False
    for name, path in ends:
        yield name, path, True


def _gateway_network(container: Container, networks: Networks, report: Report) -> None:
    wanted = container.gateway_network
    names = list(dict.fromkeys(attachment.network for attachment in container.attachments))
    if wanted is None or wanted in names or not networks.exists(wanted):
        return
    hint = f"write one of its networks: {', '.join(names)}" if names else "remove it"
    report.add((*container.path, "gateway_network"), f"the container is not on {shown(wanted)}", hint=hint, code="gateway")


def _used_interfaces(container: Container, names: Mapping[str, Path], report: Report) -> None:
    """Interfaces that routes and sysctls name."""
    hint = f"its interfaces are {', '.join([*names, 'lo'])}"
    for route in container.routes:
        if route.interface and route.interface not in names:
            report.add(
                (*route.path, "interface"), f"the container has no {shown(route.interface)}", hint=hint, code="unknown-interface"
            )
    for name in container.sysctls:
        parts = name.split(".")
        if len(parts) < 5 or parts[2] not in _PER_INTERFACE or parts[3] in ("all", "default", "lo"):
            continue
        if parts[3].replace("/", ".") not in names:
            path = (*container.path, "sysctls", name)
            report.add(path, f"the container has no {shown(parts[3])}", hint=hint, key=True, code="unknown-interface")
