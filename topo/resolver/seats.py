"""Lab -> seats: which container sits on which network, by which interface."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from topo.lab import Attachment, Container, Endpoint, Lab, Path
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
    everybody = [seat for container in lab.containers for seat in _seats(container) if seat.attachment.network in seats]
    for seat in everybody:
        seats[seat.attachment.network].append(seat)
    _check_room(lab, seats, problems)
    _check_interfaces(lab, everybody, problems)
    _check_borrowed(lab, problems)
    return seats


def borrowed_of(lab: Lab) -> Mapping[str, Container]:
    """The containers, by name, whose namespace is the host's."""
    hosts = {network.name for network in lab.networks if not DRIVERS[network.driver].namespace}
    containers = lab.containers if hosts else ()
    return {one.name: one for one in containers if any(attachment.network in hosts for attachment in one.attachments)}


def _seats(container: Container) -> Iterator[Seat]:
    ordinals: dict[str, int] = {}
    for position, attachment in enumerate(container.attachments):
        ordinal = ordinals.get(attachment.network, 0)
        ordinals[attachment.network] = ordinal + 1
        yield Seat(container, attachment, position, ordinal, attachment.interface or f"eth{position}")


def _check_room(lab: Lab, seats: Seats, problems: Problems) -> None:
    for network in lab.networks:
        most = DRIVERS[network.driver].most
        used = len(seats.get(network.name, ()))
        if most is not None and used > most:
            message = f"{used} attachments, and a network of the kind `{network.driver}` can have {most}"
            path = ("networks", network.name) if network.declared else seats[network.name][most].container.path
            problems.add(path, message, code="network-full", hint="spread the containers over several networks", key=True)


def _check_interfaces(lab: Lab, everybody: Iterable[Seat], problems: Problems) -> None:
    """Every interface of a container has a name of its own."""
    names: dict[tuple[str, str], Seat | Endpoint] = {}
    for seat in everybody:
        first = names.setdefault((seat.container.name, seat.interface), seat)
        if first is not seat:
            _tell_twice(seat.container.name, first, seat, problems)
    for link in lab.links:
        for end in link.endpoints:
            first = names.setdefault((end.container, end.interface), end)
            if first is not end:
                _tell_twice(end.container, first, end, problems)


def _check_borrowed(lab: Lab, problems: Problems) -> None:
    """What would change the host's own namespace."""
    borrowed = borrowed_of(lab)
    for container in borrowed.values():
        for key in _OF_NAMESPACES:
            if getattr(container, key):
                message = "a container on `host` has the host's namespace, which topo does not change"
                path, hint, given = (*container.path, key), f"remove `{key}`", [container.path]
                problems.add(path, message, code="host-namespace", hint=hint, key=True, given=given)
        if container.ports:
            message = "a container on `host` has all ports of the host: there is nothing to publish"
            path, hint = (*container.path, "ports"), "remove `ports`"
            problems.add(path, message, code="host-namespace", hint=hint, key=True, given=[container.path])
    for link in lab.links:
        for end in link.endpoints:
            if end.container in borrowed:
                message = f"no link can end in {end.container}: it is on `host`, and has the host's namespace"
                given = [borrowed[end.container].path]
                problems.add(end.path, message, code="host-namespace", hint="name another container", given=given)


def _tell_twice(container: str, first: Seat | Endpoint, second: Seat | Endpoint, problems: Problems) -> None:
    unnamed = isinstance(second, Seat) and not second.attachment.interface
    hint = "give it an `interface`: without one, it is eth and its place in the list" if unnamed else "choose another name"
    message = f"{container} has an interface {second.interface} already ({problems.at(_place(first))})"
    problems.add(_place(second), message, code="interface-twice", hint=hint)


def _place(holder: Seat | Endpoint) -> Path:
    if isinstance(holder, Endpoint):
        return holder.path
    attachment = holder.attachment
    return (*attachment.path, "interface") if attachment.interface else attachment.path
