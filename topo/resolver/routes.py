"""A container, its plugs -> its routes: the default ones by a network's gateway, and those that the file writes."""

from __future__ import annotations

from collections.abc import Sequence

from topo.lab import Container, Path
from topo.lab import Route as Wish
from topo.networks import Assigned, version_of
from topo.objects.namespace import namespace_of
from topo.objects.route import IPV6_METRIC, Route
from topo.resolver.nexthop import interface_of
from topo.resolver.plugs import Plug
from topo.resolver.problems import Problems
from topo.resolver.subnet import Subnet

_DEFAULT = {4: "0.0.0.0/0", 6: "::/0"}
_USUAL = {4: 0, 6: IPV6_METRIC}
"""The metric of a route that names none."""


def routes_of(lab: str, container: Container, plugs: Sequence[Plug], problems: Problems) -> list[tuple[Route, Path]]:
    """The routes, and where the document asks for each. A written default route stands for its family's own."""
    _check_gateway_network(container, plugs, problems)
    written = _written(lab, container, plugs, problems) if container.routes else []
    targets = {wish.to for wish in container.routes}
    given = [
        (_route(lab, container, _DEFAULT[version], _USUAL[version], gateway.bare, plug.interface), plug.path)
        for version, (plug, gateway) in sorted(gateways_of(container, plugs).items())
        if _DEFAULT[version] not in targets
    ]
    return given + written


def gateways_of(container: Container, plugs: Sequence[Plug]) -> dict[int, tuple[Plug, Assigned]]:
    """family -> its gateway: of `gateway_network` if that has one, else of the first network that has."""
    preferred = container.gateway_network
    found: dict[int, tuple[Plug, Assigned]] = {}
    for plug in sorted(plugs, key=lambda plug: plug.network != preferred) if preferred else plugs:
        for gateway in plug.gateways:
            found.setdefault(gateway.version, (plug, gateway))
    return found


def _check_gateway_network(container: Container, plugs: Sequence[Plug], problems: Problems) -> None:
    name = container.gateway_network
    if name is None:
        return
    mine = [plug for plug in plugs if plug.network == name]
    path = (*container.path, "gateway_network")
    if not mine:
        networks = ", ".join(dict.fromkeys(plug.network for plug in plugs if plug.network))
        hint = f"its networks: {networks}" if networks else "remove it"
        problems.add(
            path, f"{container.name} is not on network {name}", code="gateway-network", hint=hint, given=[container.path]
        )
    elif not any(plug.gateways for plug in mine):
        hint = f"give networks.{name} a `gateway`, or name another network"
        given = [container.path, ("networks", name, "gateway")]
        problems.add(path, f"network {name} has no gateway", code="gateway-network", hint=hint, given=given)


def _written(lab: str, container: Container, plugs: Sequence[Plug], problems: Problems) -> list[tuple[Route, Path]]:
    routes = []
    paths: dict[tuple[str, int], Path] = {}
    connected = _connected(plugs)
    for wish in container.routes:
        usual = _USUAL[version_of(wish.to)]
        metric = wish.metric or usual
        if (wish.to, metric) in paths:
            message = f"{container.name} has a route to {_words(wish.to)} with the metric {metric} already"
            hint = "the kernel keeps one route for each destination and metric: give one of them another `metric`"
            problems.add(wish.path, f"{message} ({problems.at(paths[wish.to, metric])})", code="route-twice", hint=hint)
        elif (wish.to, metric) in connected:
            message = f"the kernel makes the route to {wish.to} itself: {connected[wish.to, metric]} has an address in it"
            hint, given = "remove it, or give it another `metric`", [container.path]
            problems.add(wish.path, message, code="route-connected", hint=hint, given=given)
        elif _check_form(wish, problems):
            interface = interface_of(container, wish, plugs, problems)
            routes.append((_route(lab, container, wish.to, metric, wish.via, interface, wish.type), wish.path))
        paths.setdefault((wish.to, metric), wish.path)
    return routes


def _connected(plugs: Sequence[Plug]) -> dict[tuple[str, int], str]:
    """(destination, metric) of the routes that come with the addresses -> the interface."""
    found: dict[tuple[str, int], str] = {}
    for plug in plugs:
        for address in plug.addresses:
            subnet = Subnet.of(address.ip)
            # fib_add_ifaddr makes none for a /32; addrconf_prefix_route one with IP6_RT_PRIO_ADDRCONF.
            if subnet.first != subnet.last or subnet.version == 6:
                found[str(subnet), 0 if subnet.version == 4 else 256] = plug.interface
    return found


def _check_form(wish: Wish, problems: Problems) -> bool:
    """Whether its parts go together."""
    if wish.type != "unicast" and (wish.via or wish.interface):
        key = "via" if wish.via else "interface"
        message = f"a {wish.type} route sends nothing"
        problems.add((*wish.path, key), message, code="route-form", hint=f"remove `{key}`, or the `type`", key=True)
        return False
    if wish.type == "unicast" and not wish.via and not wish.interface:
        hint = "write `via: ADDRESS` or `interface: NAME`, or `type: blackhole` to drop what goes there"
        problems.add(wish.path, f"the route to {_words(wish.to)} does not say which way", code="route-form", hint=hint)
        return False
    return True


def _words(to: str) -> str:
    return "default" if to in _DEFAULT.values() else to


def _route(
    lab: str, container: Container, to: str, metric: int, via: str | None, interface: str | None, kind: str = "unicast"
) -> Route:
    return Route(
        namespace=namespace_of(lab, container.name),
        owner=f"containers/{container.name}",
        to=to,
        via=via,
        interface=interface,
        type=kind,
        metric=metric,
    )
