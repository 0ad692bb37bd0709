"""Lab -> its document with everything decided: it loads again, and gives the same state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from topo.lab import FORWARDER, Container, Lab, Route
from topo.resolver import resolve
from topo.resolver.links import Cable, cables_of
from topo.resolver.naming import Marks, Names
from topo.resolver.plugs import Plug
from topo.resolver.problems import Problems
from topo.resolver.seats import seats_of
from topo.resolver.segments import Wired, segments_of
from topo.resolver.subnets import subnets_of
from topo.resolver.sysctls import settings_of
from topo.views.impairments import directions_keys, impairment_keys, pair_keys
from topo.views.ports import ports_keys

_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""libyaml's is five times as fast; not every PyYAML has it."""


def config_data(lab: Lab) -> dict[str, Any]:
    """The document as plain data. Raises DocumentErrors when the lab contradicts itself."""
    resolve(lab)
    problems, marks = Problems(lab), Marks(lab)
    settings = {container.name: settings_of(container) for container in lab.containers}
    wired = segments_of(lab, seats_of(lab, problems), Names(lab), marks, settings, problems)
    subnets = {name: [str(subnet) for subnet in found] for name, found in subnets_of(lab, problems).items()}
    sitting = _by_container(wired)
    document: dict[str, Any] = {
        "name": lab.name,
        "networks": {network.segment.name: _network(network, subnets[network.segment.name]) for network in wired},
        "containers": {container.name: _container(container, sitting.get(container.name, ())) for container in lab.containers},
        "links": [_link(cable) for cable in cables_of(lab, marks, settings, problems)],
    }
    return {key: value for key, value in document.items() if value}


def config_yaml(data: Mapping[str, Any]) -> str:
    """The document as text."""
    text: str = yaml.dump(data, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=1000)
    return text


def _by_container(wired: Sequence[Wired]) -> Mapping[str, list[tuple[int, dict[str, Any]]]]:
    """container -> (position in its list, the entry there)."""
    found: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for network in wired:
        for seat, port in zip(network.seats, network.ports, strict=True):
            # Replicas of one container are found by its name too: here, where they are containers of their own, by an alias.
            service = [str(part) for part in seat.container.path[-1:] if part != port.container]
            entry = {
                "network": network.segment.name,
                "interface": port.interface,
                "address": _short([address.bare for address in port.addresses]),
                "mac": port.mac if network.driver.has_macs(network.segment.options) else None,
                "mtu": port.mtu,
                "aliases": list(dict.fromkeys((*service, *seat.attachment.aliases))),
                **impairment_keys(seat.attachment.impairment),
                **_unusual(port.options, network.driver.attachment_options),
            }
            found.setdefault(port.container, []).append((seat.position, _said(entry)))
    return found


def _unusual(options: Mapping[str, Any], schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Those that are not what they would be without a word."""
    return {key: value for key, value in options.items() if value != schemas[key].get("default")}


def _network(network: Wired, subnets: list[str]) -> dict[str, Any]:
    segment = network.segment
    impaired = [keys for pair in network.pairs if (keys := pair_keys(pair))]
    return {
        "driver": network.driver.name,
        "subnet": _short(subnets),
        "gateway": _short([gateway.bare for gateway in segment.gateways] or [False]),
        "mtu": segment.mtu,
        **({} if network.driver.lan else {"mac": segment.mac}),
        **segment.options,
        **({"impair": impaired} if impaired else {}),
    }


def _container(container: Container, entries: Iterable[tuple[int, dict[str, Any]]]) -> dict[str, Any]:
    networks: list[Any] = [entry for _, entry in sorted(entries, key=lambda entry: entry[0])]
    # On `host` or `none` a container has no interface to write down, only the name.
    alone = [attachment.network for attachment in container.attachments]
    return {"networks": networks or alone} | _said(
        {
            "loopback": list(container.loopback),
            "hostname": container.hostname,
            "sysctls": dict(container.sysctls),
            "routes": [_route(route) for route in container.routes],
            "extra_hosts": [f"{name}:{address}" for name, address in container.extra_hosts],
            "gateway_network": container.gateway_network,
            "ports": ports_keys(container.ports),
            "publish": container.publish if container.publish != FORWARDER else None,
        }
    )


def _route(route: Route) -> dict[str, Any]:
    kind = None if route.type == "unicast" else route.type
    return _said({"to": route.to, "via": route.via, "interface": route.interface, "metric": route.metric, "type": kind})


def _link(cable: Cable) -> dict[str, Any]:
    first = cable.veth.first
    second = cable.veth.peer if first is cable.veth.end else cable.veth.end
    ends = [_said(_end(plug, end.mac)) for plug, end in zip(cable.plugs, (first, second), strict=True)]
    link = cable.link
    decided = _said({"subnet": _short(link.subnets), "mtu": cable.veth.end.mtu, "up": link.up})
    return {"endpoints": ends} | decided | directions_keys(link.forward, link.reverse)


def _end(plug: Plug, mac: str) -> dict[str, Any]:
    addresses = [address.ip for address in plug.addresses]
    return {"container": plug.container, "interface": plug.interface, "address": _short(addresses), "mac": mac}


def _short(entries: Sequence[Any]) -> Any:
    """A list of one as what is in it."""
    return entries[0] if len(entries) == 1 else list(entries)


def _said(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value is not None and value not in ([], {})}
