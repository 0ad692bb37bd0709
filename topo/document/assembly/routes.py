"""`routes` of a container -> Route, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topo.document.assembly.families import version
from topo.document.assembly.values import each, known
from topo.document.reader import Broken
from topo.document.report import Report
from topo.lab import Path, Route

_EVERYWHERE = {4: "0.0.0.0/0", 6: "::/0"}
_METRIC = {4: 0, 6: 1024}
"""What the kernel makes of a route without a metric (ip6_route_info_create: IP6_RT_PRIO_USER)."""


def routes(value: Any, path: Path, report: Report) -> tuple[Route, ...]:
    """The routes; two that the kernel would take for one are reported."""
    found: dict[tuple[str, int], Path] = {}
    made = []
    for place, entry in each(value, path):
        route = _route(entry, place, report)
        if route is None:
            continue
        made.append(route)
        family = version(route.to)
        key = (route.to, route.metric or _METRIC[family])
        if found.setdefault(key, place) is not place:
            first = report.places.nearest(found[key])
            message = f"a second route to {entry['to']} with the same metric; the first stands at {first}"
            report.add(place, message, hint="remove one of them, or give it a `metric`", code="duplicate")
    return tuple(made)


def _route(entry: Mapping[str, Any], path: Path, report: Report) -> Route | None:
    broken = any(isinstance(value, Broken) for value in entry.values())
    to, via, kind = (known(entry.get(key)) for key in ("to", "via", "type"))
    if to is None:
        return None
    kind = kind or "unicast"
    if not broken:
        _check_way(entry, kind, path, report)
    if to == "default":
        to = _EVERYWHERE[version(via) if via else 4]
    elif via and version(via) != version(to):
        message = f"{via} is an IPv{version(via)} address, and {to} is IPv{version(to)}"
        report.add((*path, "via"), message, hint=f"name a router's IPv{version(to)} address", code="route")
    return Route(to, via, known(entry.get("interface")), known(entry.get("metric")), kind, path)


def _check_way(entry: Mapping[str, Any], kind: str, path: Path, report: Report) -> None:
    if kind == "unicast" and "via" not in entry and "interface" not in entry:
        hint = "write `via: ADDRESS` or `interface: NAME`, or `type: blackhole` to drop what goes there"
        report.add(path, "the route does not say which way", hint=hint, code="route")
    for key in ("via", "interface"):
        if kind != "unicast" and key in entry:
            report.add((*path, key), f"a {kind} route sends nothing", hint="remove it", key=True, code="route")
