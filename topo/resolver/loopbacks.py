"""Addresses on lo, all others of the lab -> what of the former would take packets away from the latter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from topo.lab import Container, Lab, Path
from topo.networks import version_of
from topo.resolver.links import Cable
from topo.resolver.problems import Problems
from topo.resolver.segments import Wired
from topo.resolver.subnet import Subnet, number


class _Holder(NamedTuple):
    """Who has an address, in words; where the document says it, and what must be whole for that to be so."""

    words: str
    path: Path
    given: tuple[Path, ...]


_Holders = Mapping[tuple[int, int], _Holder]


def check_loopbacks(lab: Lab, wired: Sequence[Wired], cables: Sequence[Cable], problems: Problems) -> None:
    """An address on lo is nobody else's: the container would answer itself. Several containers may share one (anycast)."""
    if not any(container.loopback for container in lab.containers):
        return
    holders: dict[tuple[int, int], _Holder] = {}
    for address, holder in (*_of_networks(wired), *_of_links(cables)):
        holders.setdefault(address, holder)
    subnets = [(subnet, network) for network in wired for subnet in network.subnets]
    for container in lab.containers:
        _check(container, holders, subnets, problems)


def _of_networks(wired: Iterable[Wired]) -> Iterator[tuple[tuple[int, int], _Holder]]:
    for network in wired:
        name = network.segment.name
        here = ("networks", name)
        for gateway in network.segment.gateways:
            yield _key(gateway.bare), _Holder(f"the gateway of network {name}", (*here, "gateway"), (here,))
        for seat, port in zip(network.seats, network.ports, strict=True):
            path = (*seat.attachment.path, "address") if seat.attachment.addresses else seat.attachment.path
            for address in port.addresses:
                yield (
                    _key(address.bare),
                    _Holder(f"the address of {port.container} on network {name}", path, (here, seat.container.path)),
                )


def _of_links(cables: Iterable[Cable]) -> Iterator[tuple[tuple[int, int], _Holder]]:
    for cable in cables:
        for plug in cable.plugs:
            for address in plug.addresses:
                yield (
                    _key(address.bare),
                    _Holder(f"the address of {plug.container}:{plug.interface}", plug.path, (cable.link.path,)),
                )


def _key(text: str) -> tuple[int, int]:
    return version_of(text), number(text)


def _check(container: Container, holders: _Holders, subnets: Sequence[tuple[Subnet, Wired]], problems: Problems) -> None:
    seen: dict[tuple[int, int], Path] = {}
    for position, text in enumerate(container.loopback):
        path, bare = problems.item((*container.path, "loopback"), position), text.partition("/")[0]
        key, range_ = _key(bare), Subnet.of(text)
        if key in seen:
            message = f"{bare} is on lo of {container.name} already ({problems.at(seen[key])})"
            problems.add(path, message, code="address-twice", hint="remove one of the two")
        elif key in holders:
            words, place, given = holders[key]
            hint = "choose another one, which no network has"
            problems.add(path, f"{bare} is {words} ({problems.at(place)})", code="address-twice", hint=hint, given=given)
        elif "/" in text and range_.first != range_.last:
            _check_range(text, range_, path, subnets, problems)
        seen.setdefault(key, path)


def _check_range(text: str, mine: Subnet, path: Path, subnets: Sequence[tuple[Subnet, Wired]], problems: Problems) -> None:
    """Of a prefix, lo takes every address (fib_add_ifaddr: a local route of the whole of it)."""
    for theirs, network in subnets:
        if mine.version == theirs.version and mine.first <= theirs.last and theirs.first <= mine.last:
            name = network.segment.name
            message = f"{text} takes all of {mine}, which overlaps {theirs} of network {name} ({problems.at(theirs.path)})"
            hint = f"write {text.partition('/')[0]}, or choose another range"
            problems.add(path, message, code="subnet-overlap", hint=hint, given=[("networks", name)])
            return
