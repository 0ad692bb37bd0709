"""A network with everything decided, its driver -> what of its options does not go together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from topo.lab import Network
from topo.networks import Complaint, Driver, Port, Segment
from topo.resolver.problems import Problems
from topo.resolver.seats import Seat


def check_options(
    driver: Driver,
    network: Network,
    segment: Segment,
    seats: Sequence[Seat],
    ports: Sequence[Port],
    earlier: Sequence[Segment],
    problems: Problems,
) -> None:
    """Each complaint stands at the key that it is about. `earlier`: the networks that come before."""
    places = {id(port): seat.attachment.path for seat, port in zip(seats, ports, strict=True)}
    here = ("networks", network.name)
    for complaint in (*_macs(driver, segment, ports), *driver.check(segment, ports, earlier)):
        path = here if complaint.port is None else places[id(complaint.port)]
        problems.add((*path, complaint.key), complaint.message, code="option", hint=complaint.hint, given=[here])


def _macs(driver: Driver, segment: Segment, ports: Sequence[Port]) -> Iterator[Complaint]:
    """Those that name the MAC of an interface that cannot have one of its own."""
    if driver.has_macs(segment.options):
        return
    for port in ports:
        if "mac" in port.given:
            message = f"{port.container} has the MAC of the parent on network {segment.name}, and no other one"
            yield Complaint(port, "mac", message, "remove it")
