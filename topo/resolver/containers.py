"""A container, its plugs -> its namespace and all that is in it, in the order in which the document says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from topo.lab import Container
from topo.networks import version_of
from topo.objects import Object
from topo.objects.address import Address
from topo.objects.loopback import Loopback
from topo.objects.namespace import Namespace, namespace_of
from topo.resolver.origins import Placed
from topo.resolver.plugs import Plug
from topo.resolver.ports import publications_of
from topo.resolver.problems import Problems
from topo.resolver.routes import routes_of
from topo.resolver.segments import Wired
from topo.resolver.subnet import number, words
from topo.resolver.sysctls import SettingsOf, check_sysctls, sysctls_of


def plugs_of(wired: Sequence[Wired]) -> Mapping[str, list[tuple[Plug, Iterable[Object]]]]:
    """container -> its interfaces on networks, in the order of its list; with the objects that the driver makes for each."""
    found: dict[str, list[tuple[int, Plug, Iterable[Object]]]] = {}
    for network in wired:
        for seat, port in zip(network.seats, network.ports, strict=True):
            plug = Plug(
                port.container,
                port.interface,
                port.addresses,
                port.link_local,
                seat.attachment.path,
                port.mtu,
                seat.attachment.impairment,
                network=network.segment.name,
                gateways=network.segment.gateways,
            )
            made = network.driver.attached(network.segment, port)
            found.setdefault(port.container, []).append((seat.position, plug, made))
    return {name: [(plug, made) for _, plug, made in sorted(rows, key=lambda row: row[0])] for name, rows in found.items()}


def objects_of(
    lab: str,
    container: Container,
    attached: Sequence[tuple[Plug, Iterable[Object]]],
    links: Sequence[Plug],
    settings: SettingsOf,
    problems: Problems,
) -> Iterator[Placed]:
    """All of one container but the ends of its links."""
    here, owner = namespace_of(lab, container.name), f"containers/{container.name}"
    yield Namespace(name=here, owner=owner), container.path
    yield Loopback(namespace=here, owner=owner, settings=settings("lo")), container.path
    plugs = [*(plug for plug, _ in attached), *links]
    if container.sysctls:
        with_ipv6 = [plug.interface for plug in plugs if plug.link_local]
        check_sysctls(container, ["lo", *(plug.interface for plug in plugs)], with_ipv6, problems)
        yield from sysctls_of(lab, container)
    for plug, made in attached:
        for thing in (*made, *plug.objects(lab)):
            yield thing, plug.path
    if container.loopback:
        yield from _loopback(here, owner, container, problems)
    down = {plug.interface for plug in plugs if not plug.up}
    for route, path in routes_of(lab, container, plugs, problems):
        if route.interface not in down:  # the kernel has no route over an interface that is down
            yield route, path
    if container.ports:
        yield from publications_of(lab, container, plugs)


def _loopback(here: str, owner: str, container: Container, problems: Problems) -> Iterator[Placed]:
    for position, text in enumerate(container.loopback):
        path = problems.item((*container.path, "loopback"), position)
        bare, _, length = text.partition("/")
        version = version_of(bare)
        ip = f"{words(version, number(bare))}/{length or (32 if version == 4 else 128)}"
        yield Address(namespace=here, owner=f"{owner}/lo", interface="lo", ip=ip), path
