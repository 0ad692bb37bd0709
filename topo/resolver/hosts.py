"""Networks, links -> the files of names: who is on which network at which address, and what one container alone knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from topo.lab import Container, Path
from topo.objects.file import File
from topo.resolver.links import Cable
from topo.resolver.problems import Problems
from topo.resolver.segments import Wired, goes_out


def files_of_networks(wired: Sequence[Wired]) -> Iterator[tuple[File, Path]]:
    """hosts/NETWORK for each network that somebody is on."""
    for network in wired:
        lines = [
            f"{address.bare}\t{names}\t# {seat.position}\n"
            for seat, port in zip(network.seats, network.ports, strict=True)
            if (names := " ".join(_names(seat.container, seat.attachment.aliases)))
            for address in port.addresses
        ]
        if lines:
            yield File(path=f"hosts/{network.segment.name}", content="".join(lines)), network.path


def check_aliases(wired: Sequence[Wired], problems: Problems) -> None:
    """Nobody's alias is the name of another container on the network: the name would stand for either of the two."""
    for network in wired:
        names = {seat.container.name: seat for seat in network.seats}
        for seat in network.seats:
            for position, alias in enumerate(seat.attachment.aliases):
                other = names.get(alias)
                if other is not None and other.container is not seat.container:
                    path = problems.item((*seat.attachment.path, "aliases"), position)
                    place, on = problems.at(other.container.path), network.segment.name
                    message = (
                        f"{seat.container.name} cannot be called {alias} on network {on}: a container has that name ({place})"
                    )
                    problems.add(path, message, code="name-twice", hint="choose another name")


def _names(container: Container, aliases: Sequence[str]) -> Sequence[str]:
    """The name, the name of which it is one of several replicas, the aliases; each once."""
    service = container.path[-1:]
    return list(dict.fromkeys((container.name, *map(str, service), *aliases)))


def files_of_containers(
    containers: Sequence[Container], wired: Sequence[Wired], cables: Sequence[Cable], borrowed: Collection[str]
) -> Iterator[tuple[File, Path]]:
    """What is particular to one container. `borrowed`: names of those in the host's namespace."""
    peers = _peers(wired, cables)
    out = {port.container for network in wired if goes_out(network) for port in network.ports}
    for container in containers:
        folder = f"containers/{container.name}"
        lines = [f"{address}\t{name}\n" for name, address in container.extra_hosts]
        lines += peers.get(container.name, ())
        if lines:
            yield _file(folder, "hosts", "".join(lines)), container.path
        if container.hostname not in (None, container.name):
            yield _file(folder, "hostname", f"{container.hostname}\n"), (*container.path, "hostname")
        if container.name in out:
            yield _file(folder, "uplink", ""), container.path
        if container.name in borrowed:
            yield _file(folder, "host", ""), container.path


def _file(folder: str, name: str, content: str) -> File:
    return File(owner=folder, path=f"{folder}/{name}", content=content)


def _peers(wired: Sequence[Wired], cables: Sequence[Cable]) -> dict[str, list[str]]:
    """container -> lines for the other ends of its links: those that it finds on no network."""
    networks: dict[str, set[str]] = {}
    for network in wired:
        for port in network.ports:
            networks.setdefault(port.container, set()).add(network.segment.name)
    lines: dict[str, list[str]] = {}
    for cable in cables:
        for here, there in (cable.plugs, cable.plugs[::-1]):
            shared = networks.get(here.container, set()) & networks.get(there.container, set())
            if here.container != there.container and not shared:
                known = lines.setdefault(here.container, [])
                known += [f"{address.bare}\t{there.container}\n" for address in there.addresses]
    return lines
