"""Lab -> the subnets of each network: what the file names, and for a network that names none, the next free one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple

from topo.lab import DEFAULT_NETWORK, Lab, Network
from topo.networks import DRIVERS
from topo.resolver.problems import Problems
from topo.resolver.subnet import Subnet

_POOLS = (("172.17.0.0", 16, 15), ("192.168.0.0", 20, 16), ("10.0.0.0", 24, 1 << 16))
"""(first address, prefix length of each, how many): 172.17.0.0/16 is what Docker's first bridge has."""

_RESERVED = tuple(
    (Subnet.of(text), why)
    for text, why in (
        ("0.0.0.0/8", "means `this network`"),
        ("127.0.0.0/8", "is every host's own loopback"),
        ("224.0.0.0/3", "is multicast or reserved"),
        ("::/127", "is unspecified and loopback"),
        ("fe80::/10", "is link-local: every interface with IPv6 has such an address, made from its MAC"),
        ("ff00::/8", "is multicast"),
    )
)


class Claim(NamedTuple):
    """A subnet that the file names, and by whom, in words."""

    subnet: Subnet
    owner: str


def subnets_of(lab: Lab, problems: Problems) -> Mapping[str, tuple[Subnet, ...]]:
    """network -> its subnets. Overlaps are problems, and name both places."""
    named = {network.name: _named(network, problems) for network in lab.networks if DRIVERS[network.driver].segment}
    links = list(_of_links(lab, problems))
    claims = [Claim(subnet, f"network {name}") for name, subnets in named.items() for subnet in subnets] + links
    for claim in claims:
        _check_reserved(claim, problems)
    _check_overlaps(claims, problems)
    taken = [claim.subnet for claim in claims] + list(_single_addresses(lab))
    free = _free_ones(taken)
    for network in sorted(lab.networks, key=lambda network: network.declared or network.name != DEFAULT_NETWORK):
        if named.get(network.name) == () and DRIVERS[network.driver].is_lan(network.options):
            _tell_none(network, problems)
        elif named.get(network.name) == ():
            found = next(free, None)
            path = ("networks", network.name)
            if found is None:
                problems.add(
                    path, "no subnet is left for it", code="subnets-exhausted", hint="name a `subnet`", key=True, given=[path]
                )
            else:
                named[network.name] = (Subnet(found.version, found.first, found.last, found.prefix, path),)
    return named


def _tell_none(network: Network, problems: Problems) -> None:
    path = ("networks", network.name)
    message = "its `subnet` is missing: what is outside has one already, and topo does not know it"
    hint = "write the subnet that others there have"
    problems.add(path, message, code="lan-subnet", hint=hint, key=True, given=[path])


def _named(network: Network, problems: Problems) -> tuple[Subnet, ...]:
    path = ("networks", network.name, "subnet")
    return tuple(Subnet.of(text, problems.item(path, position)) for position, text in enumerate(network.subnets))


def _of_links(lab: Lab, problems: Problems) -> Iterator[Claim]:
    for link in lab.links:
        one, other = link.endpoints
        owner = f"the link {one.container}:{one.interface} to {other.container}:{other.interface}"
        for position, text in enumerate(link.subnets):
            yield Claim(Subnet.of(text, problems.item((*link.path, "subnet"), position)), owner)


def _single_addresses(lab: Lab) -> Iterator[Subnet]:
    """What the file says elsewhere: nothing that is chosen for a network lies over it."""
    for link in lab.links:
        yield from (Subnet.of(text) for end in link.endpoints for text in end.addresses)
    for container in lab.containers:
        yield from (Subnet.of(text) for text in container.loopback)


def _check_reserved(claim: Claim, problems: Problems) -> None:
    for reserved, why in _RESERVED:
        same = reserved.version == claim.subnet.version
        if same and claim.subnet.first <= reserved.last and reserved.first <= claim.subnet.last:
            hint = "choose a private one, such as 10.0.0.0/24 or fd00:1::/64"
            problems.add(claim.subnet.path, f"{claim.subnet} cannot be used: {reserved} {why}", code="subnet-reserved", hint=hint)
            return


def _check_overlaps(claims: list[Claim], problems: Problems) -> None:
    """One pass over the claims sorted by first address, with the one that reaches furthest in hand."""
    order = sorted(range(len(claims)), key=lambda at: (claims[at].subnet.version, claims[at].subnet.first, at))
    furthest = -1
    for at in order:
        mine = claims[at].subnet
        held = claims[furthest].subnet if furthest >= 0 else None
        overlap = held is not None and held.version == mine.version and mine.first <= held.last
        if overlap:
            _tell_overlap(claims[min(at, furthest)], claims[max(at, furthest)], problems)
        if not overlap or held is None or mine.last > held.last:
            furthest = at


def _tell_overlap(early: Claim, late: Claim, problems: Problems) -> None:
    problems.add(
        late.subnet.path,
        f"{late.subnet} overlaps {early.subnet} of {early.owner} ({problems.at(early.subnet.path)})",
        code="subnet-overlap",
        hint="give one of the two another range",
    )


def _free_ones(taken: list[Subnet]) -> Iterator[Subnet]:
    """The subnets of the pools, in order, that overlap nothing taken."""
    ranges = sorted((subnet.first, subnet.last) for subnet in taken if subnet.version == 4)
    starts = [first for first, _ in ranges]
    reach = list(accumulate((last for _, last in ranges), max))
    for start, prefix, count in _POOLS:
        pool = Subnet.of(f"{start}/{prefix}")
        size = pool.last - pool.first + 1
        for first in range(pool.first, pool.first + count * size, size):
            before = bisect_right(starts, first + size - 1) - 1
            if before < 0 or reach[before] < first:
                yield Subnet(4, first, first + size - 1, prefix)
