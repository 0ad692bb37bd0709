"""Lab -> seats: which container sits on which network, by which interface."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from topo.lab import Attachment, Container, Lab, Network, Path
from topo.networks import DRIVERS
from topo.resolver.problems import Problems


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """One attachment. `position`: in the container's list; `ordinal`: among those of this container to this network."""

    container: Container
    attachment: Attachment
    position: int
    ordinal: int
    interface: str


Seats = Mapping[str, list[Seat]]
"""network -> who is on it, in the order of the document."""


def seats_of(lab: Lab, problems: Problems) -> Seats:
    """The seats of every network that is a layer 2 domain."""
    networks = {network.name: network for network in lab.networks}
    seats: dict[str, list[Seat]] = {name: [] for name, network in networks.items() if DRIVERS[network.driver].segment}
    for container in lab.containers:
        for seat in _seats(container):
            if seat.attachment.network in seats:
                seats[seat.attachment.network].append(seat)
    _check_room(lab, seats, problems)
    _check_interfaces(lab, problems)
    return seats


def on_host(container: Container, lab_networks: Mapping[str, Network]) -> bool:
    """Whether it has no namespace of its own."""
    drivers = (lab_networks[attachment.network].driver for attachment in container.attachments)
    return any(not DRIVERS[driver].namespace for driver in drivers)


def _seats(container: Container) -> Iterator[Seat]:
    ordinals: Counter[str] = Counter()
    for position, attachment in enumerate(container.attachments):
        ordinal = ordinals[attachment.network]
        ordinals[attachment.network] += 1
        yield Seat(container, attachment, position, ordinal, attachment.interface or f"eth{position}")


def _check_room(lab: Lab, seats: Seats, problems: Problems) -> None:
    for network in lab.networks:
        most = DRIVERS[network.driver].most
        used = len(seats.get(network.name, ()))
        if most is not None and used > most:
            message = f"{used} attachments, and a network of the kind `{network.driver}` can have {most}"
            path = ("networks", network.name) if network.declared else seats[network.name][most].container.path
            problems.add(path, message, code="network-full", hint="spread the containers over several networks", key=True)


def _check_interfaces(lab: Lab, problems: Problems) -> None:
    """Every interface of a container has a name of its own; every end of a link is in a container that can have it."""
    names: dict[tuple[str, str], Path] = {}
    for container in lab.containers:
        for seat in _seats(container):
            path = (*seat.attachment.path, "interface") if seat.attachment.interface else seat.attachment.path
            _claim(names, container.name, seat.interface, path, problems)
    networks = {network.name: network for network in lab.networks}
    containers = {container.name: container for container in lab.containers}
    for link in lab.links:
        for end in link.endpoints:
            _claim(names, end.container, end.interface, end.path, problems)
            if end.container not in containers:
                problems.add(end.path, f"no container is called {end.container}", code="unknown-container")
            elif on_host(containers[end.container], networks):
                message = f"{end.container} has no namespace of its own that a link could end in"
                problems.add(end.path, message, code="host-namespace", hint="a container on `host` stands in no link")


def _claim(names: dict[tuple[str, str], Path], container: str, interface: str, path: Path, problems: Problems) -> None:
    if (container, interface) in names:
        message = f"{container} has an interface {interface} already ({problems.at(names[container, interface])})"
        hint = "interfaces that name none are eth and their position in the list, from 0"
        problems.add(path, message, code="interface-twice", hint=hint)
    names.setdefault((container, interface), path)
