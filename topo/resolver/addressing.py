"""Subnets, gateways, seats of one network -> the addresses of each seat: the named ones first, then the lowest free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from topo.lab import Path
from topo.networks import Assigned, version_of
from topo.resolver.problems import Problems
from topo.resolver.seats import Seat
from topo.resolver.subnet import Subnet, number, words


class _Book(Struct):
    """Who has what in one subnet: an address -> the seat that names it, and at which place of its list."""

    network: str
    subnet: Subnet
    gateway: int | None
    lowest: int
    highest: int
    taken: dict[int, tuple[Seat, int]] = field(default_factory=dict)

    def is_free(self, value: int) -> bool:
        """Whether a host can have it, and nobody has."""
        return value != self.gateway and value not in self.taken and self.lowest <= value <= self.highest


def addresses_of(
    network: str,
    subnets: Sequence[Subnet],
    gateways: Sequence[int | None],
    seats: Sequence[Seat],
    problems: Problems,
    *,
    lan: bool = False,
) -> list[tuple[Assigned, ...]]:
    """For each seat one address a subnet, in the order of the subnets. lan: others are there too, so that none is free."""
    books = [
        _Book(network, subnet, gateway, subnet.lowest, subnet.highest) for subnet, gateway in zip(subnets, gateways, strict=True)
    ]
    named = [_named(seat, books, problems) for seat in seats]
    found: list[list[Assigned]] = [[] for _ in seats]
    for at, book in enumerate(books):
        if lan:
            _check_given(at, book, seats, named, problems)
        wanting = sum(at not in mine for mine in named) if not lan else 0
        free = _free(book, wanting, problems)
        for mine, addresses in zip(named, found, strict=True):
            if at in mine:
                addresses.append(mine[at])
            elif not lan and (value := next(free, None)) is not None:
                addresses.append(book.subnet.assigned(value))
    return [tuple(addresses) for addresses in found]


def _check_given(at: int, book: _Book, seats: Sequence[Seat], named: Sequence[dict[int, Assigned]], problems: Problems) -> None:
    for seat, mine in zip(seats, named, strict=True):
        if at not in mine and len(mine) == len(seat.attachment.addresses):
            here, path = ("networks", book.network), seat.attachment.path
            message = (
                f"{seat.container.name} needs an `address` in {book.subnet}: others on network {book.network} are not topo's"
            )
            hint = f"write {{network: {book.network}, address: ...}} with one of {book.subnet.hosts} that nobody has"
            problems.add(path, message, code="lan-address", hint=hint, given=[here])


def _named(seat: Seat, books: Sequence[_Book], problems: Problems) -> dict[int, Assigned]:
    """position of a subnet -> the address that the seat names in it."""
    mine: dict[int, Assigned] = {}
    for position, text in enumerate(seat.attachment.addresses):
        version, value = version_of(text), number(text)
        at = _holding(version, value, books)
        if at is None:
            _tell_outside(text, books, _path(seat, position, problems), problems)
        elif at in mine:
            message = f"{text} is a second address of this interface in {books[at].subnet}"
            path, given = _path(seat, position, problems), [("networks", seat.attachment.network)]
            problems.add(path, message, code="address-second", hint="name at most one address a subnet", given=given)
        elif books[at].is_free(value):
            books[at].taken[value] = seat, position
            mine[at] = books[at].subnet.named(text)
        else:
            _tell_refused(books[at], value, _path(seat, position, problems), problems)
    return mine


def _holding(version: int, value: int, books: Sequence[_Book]) -> int | None:
    """The position of the subnet that an address lies in."""
    for at, book in enumerate(books):
        subnet = book.subnet
        if subnet.version == version and subnet.first <= value <= subnet.last:
            return at
    return None


def _path(seat: Seat, position: int, problems: Problems) -> Path:
    """Where the document says one of the addresses that a seat names."""
    return problems.item((*seat.attachment.path, "address"), position)


def _tell_refused(book: _Book, value: int, path: Path, problems: Problems) -> None:
    text, subnet, here = words(book.subnet.version, value), book.subnet, ("networks", book.network)
    hint = f"choose another one of {subnet.hosts}"
    if reason := subnet.unusable(value):
        message = f"{text} is {reason} of {subnet} ({problems.at(subnet.path)})"
        problems.add(path, message, code="address-unusable", hint=hint, given=[here])
    elif value == book.gateway:
        message = f"{text} is the gateway of network {book.network}"
        hint += f", or name another `gateway` at networks.{book.network}"
        problems.add(path, message, code="address-is-gateway", hint=hint, given=[here])
    else:
        message = f"{text} is taken already ({problems.at(_path(*book.taken[value], problems))})"
        problems.add(path, message, code="address-twice", hint=hint)


def _free(book: _Book, wanting: int, problems: Problems) -> Iterator[int]:
    """The free host addresses from the lowest on; that there are fewer than `wanting` is a problem."""
    subnet = book.subnet
    busy = len(book.taken) + (book.gateway is not None)
    room = subnet.highest - subnet.lowest + 1 - busy
    if room < wanting:
        needed = f"{wanting} more address{'es' if wanting > 1 else ''}"
        message = f"{subnet} is too small: network {book.network} needs {needed}, and it has {room} free"
        key, here = subnet.path[-1:] == (book.network,), ("networks", book.network)
        given = [here, (*here, "gateway"), ("links",)]  # A container whose link is lost seems to be on `default`.
        problems.add(subnet.path, message, code="subnet-exhausted", hint="choose a larger `subnet`", key=key, given=given)
    values = range(subnet.lowest, subnet.highest + 1)
    return (value for value in values if value != book.gateway and value not in book.taken)


def _tell_outside(text: str, books: Sequence[_Book], path: Path, problems: Problems) -> None:
    network = books[0].network if books else ""
    same = [book.subnet for book in books if book.subnet.version == version_of(text)]
    if same:
        places = ", ".join(f"{subnet} ({problems.at(subnet.path)})" for subnet in same)
        message, hint = f"{text} is outside the subnet of network {network}, {places}", f"choose one of {same[0].hosts}"
    else:
        message = f"{text}: network {network} has no IPv{version_of(text)} subnet"
        hint = f"add one to networks.{network}.subnet"
    problems.add(path, message, code="address-outside", hint=hint, given=[("networks", network)])
