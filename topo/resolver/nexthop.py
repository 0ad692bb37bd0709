"""A written route, the plugs of its container -> the interface by which it leaves, as the kernel would find it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from topo.lab import Container, Route
from topo.networks import version_of
from topo.resolver.plugs import Plug
from topo.resolver.problems import Problems
from topo.resolver.subnet import Subnet, number


def interface_of(container: Container, route: Route, plugs: Sequence[Plug], problems: Problems) -> str | None:
    """The interface; None of a route that has none, or that cannot be (which is a problem then)."""
    names = [plug.interface for plug in plugs]
    if route.interface is not None and route.interface not in names:
        hint = f"its interfaces: {', '.join(names)}" if names else "it has none but lo"
        message = f"{container.name} has no interface {route.interface}"
        problems.add((*route.path, "interface"), message, code="unknown-interface", hint=hint, given=[container.path])
        return None
    if route.via is None:
        return route.interface
    if version_of(route.via) != version_of(route.to):
        message = f"{route.via} is no IPv{version_of(route.to)} address, as {route.to} is"
        problems.add(
            (*route.path, "via"), message, code="route-family", hint=f"name a router's IPv{version_of(route.to)} address"
        )
        return None
    return _by_gateway(container, route, route.via, plugs, problems)


def _by_gateway(container: Container, route: Route, via: str, plugs: Sequence[Plug], problems: Problems) -> str | None:
    path, value = (*route.path, "via"), number(via)
    if any(via == address.bare for plug in plugs for address in plug.addresses):
        message = f"{via} is an address of {container.name} itself"
        # It may be one that was chosen, among others than there would be in a whole document.
        problems.add(path, message, code="route-via-self", hint=_reachable(plugs, via), given=[()])
        return None
    allowed = [plug for plug in plugs if route.interface in (None, plug.interface)]
    if via.startswith("fe80:"):
        return _by_link_local(container, route, allowed, problems)
    near = [(subnet, plug.interface) for plug in allowed for subnet in _subnets(plug, version_of(via)) if value in subnet]
    if not near:
        on = f"on interface {route.interface}" if route.interface else f"of {container.name}"
        message = f"{via} is on no subnet {on}"
        problems.add(path, message, code="route-via", hint=_reachable(plugs, via), given=[container.path])
        return None
    subnet, interface = max(near, key=lambda found: found[0].prefix)
    if subnet.version == 4 and (reason := subnet.unusable(value)):
        hint = f"choose one of {subnet.hosts}"
        problems.add(path, f"{via} is {reason} of {subnet}", code="route-via", hint=hint, given=[container.path])
        return None
    return interface


def _by_link_local(container: Container, route: Route, allowed: Sequence[Plug], problems: Problems) -> str | None:
    with_ipv6 = [plug.interface for plug in allowed if plug.link_local]
    if route.interface and with_ipv6:
        return route.interface
    if route.interface:
        message, hint = f"interface {route.interface} has no IPv6", "name one that has an IPv6 address"
    else:
        message, hint = f"{route.via} is link-local: it can be on every interface", "name the `interface` as well"
    given = [container.path] if route.interface else []
    problems.add((*route.path, "via"), message, code="route-via", hint=hint, given=given)
    return None


def _subnets(plug: Plug, version: int) -> Iterator[Subnet]:
    return (_subnet_of(address.ip) for address in plug.addresses if address.version == version)


_subnet_of = lru_cache(maxsize=1024)(Subnet.of)
"""One container may have thousands of routes by the same few networks."""


def _reachable(plugs: Sequence[Plug], via: str) -> str:
    found = [f"{subnet} ({plug.interface})" for plug in plugs for subnet in _subnets(plug, version_of(via))]
    return f"its subnets: {', '.join(found)}" if found else f"it has no IPv{version_of(via)} address"
