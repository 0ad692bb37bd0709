"""Lab -> seats: which container sits on which network, by which interface."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from topo.lab import Attachment, Container, Lab, Network, Path
from topo.networks import DRIVERS
from topo.resolver.problems import Problems


class Seat(Struct, frozen=True, eq=False):
    """One attachment. `position`: in the container's list; `ordinal`: among those of this container to this network."""

    container: Container
    attachment: Attachment
    position: int
    ordinal: int
    interface: str


_OF_NAMESPACES = ("loopback", "sysctls", "routes", "gateway_network")

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
    _check_interfaces(lab, seats, problems)
    _check_borrowed(lab, problems)
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


def _check_interfaces(lab: Lab, seats: Seats, problems: Problems) -> None:
    """Every interface of a container has a name of its own."""
    names: dict[tuple[str, str], Path] = {}
    for container in lab.containers:
        for seat in _seats(container):
            if seat.attachment.network not in seats:
                continue
            if seat.attachment.interface:
                path, hint = (*seat.attachment.path, "interface"), "choose another name"
            else:
                path, hint = (
                    seat.attachment.path,
                    "give it an `interface`: without one, it is eth and its place in the list",
                )
            _claim(names, container.name, seat.interface, path, hint, problems)
    for link in lab.links:
        for end in link.endpoints:
            _claim(names, end.container, end.interface, end.path, "choose another name", problems)


def _check_borrowed(lab: Lab, problems: Problems) -> None:
    """What would change the host's own namespace."""
    networks = {network.name: network for network in lab.networks}
    borrowed = {container.name: container for container in lab.containers if on_host(container, networks)}
    for container in borrowed.values():
        for key in _OF_NAMESPACES:
            if getattr(container, key):
                message = "a container on `host` has the host's namespace, which topo does not change"
                path, hint, given = (*container.path, key), f"remove `{key}`", [container.path]
                problems.add(path, message, code="host-namespace", hint=hint, key=True, given=given)
    for link in lab.links:
        for end in link.endpoints:
            if end.container in borrowed:
                message = f"no link can end in {end.container}: it is on `host`, and has the host's namespace"
                given = [borrowed[end.container].path]
                problems.add(end.path, message, code="host-namespace", hint="name another container", given=given)


def _claim(names: dict[tuple[str, str], Path], container: str, interface: str, path: Path, hint: str, problems: Problems) -> None:
    if (container, interface) in names:
        message = f"{container} has an interface {interface} already ({problems.at(names[container, interface])})"
        problems.add(path, message, code="interface-twice", hint=hint)
    names.setdefault((container, interface), path)
