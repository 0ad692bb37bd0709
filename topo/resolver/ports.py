"""Container, its plugs -> what is published of it on the host, and where in it that leads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from topo.lab import Container, Lab, Port
from topo.objects.namespace import namespace_of
from topo.objects.publication import LOOPBACK, Publication, overlap, place
from topo.resolver.origins import Placed
from topo.resolver.plugs import Plug
from topo.resolver.problems import Problems

_OWN = "127.0.0.1"


def publications_of(lab: str, container: Container, plugs: Sequence[Plug]) -> Iterator[Placed]:
    """In the order of the document."""
    to = _served_at(container, plugs)
    for port in container.ports:
        yield (
            Publication(
                namespace=namespace_of(lab, container.name),
                owner=f"containers/{container.name}",
                protocol=port.protocol,
                port=port.published,
                hosts=_hosts(port),
                to=to,
                target=port.target,
            ),
            port.path,
        )


def _served_at(container: Container, plugs: Sequence[Plug]) -> str:
    """The address that what listens in the container has to have: of its first interface with one, IPv4 before IPv6; else one
    of lo. An interface that is down answers to nobody."""
    for plug in plugs:
        addresses = sorted(plug.addresses, key=lambda address: address.version)
        if addresses and plug.up:
            return addresses[0].bare
    return container.loopback[0].partition("/")[0] if container.loopback else _OWN


def _hosts(port: Port) -> tuple[str, ...]:
    return (port.host,) if port.host else LOOPBACK


def check_ports(lab: Lab, problems: Problems) -> None:
    """Nobody else of the lab has the same port of the host."""
    seen: dict[tuple[str, int], list[tuple[Container, Port]]] = {}
    for container in lab.containers:
        for port in container.ports:
            others = seen.setdefault((port.protocol, port.published), [])
            for other, first in others:
                if overlap(_hosts(first), _hosts(port)):
                    where = place(_hosts(port)[0], port.published)
                    message = f"port {where} of the host is published for {other.name} already ({problems.at(first.path)})"
                    hint = "choose another port of the host, or another address"
                    problems.add(port.path, message, code="port-twice", hint=hint)
                    break
            others.append((container, port))
