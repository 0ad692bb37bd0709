"""Lab, its state -> warnings: what can be, and will surprise."""

from __future__ import annotations

from collections.abc import Iterator

from topo.lab import Lab, Path
from topo.objects import State
from topo.objects.address import Address
from topo.resolver.segments import DEFAULT_MTU
from topo.resolver.subnet import Subnet

_NEIGHBOURS = 1024
"""gc_thresh3, arp(7): the places in the machine's one neighbour table, unless somebody changed it."""


def warnings(lab: Lab, state: State) -> tuple[str, ...]:
    """Sentences for the user, each with its place in the file when it has one."""
    return (*_other_mtus(lab), *_strangers(lab), *_many_neighbours(state))


def _other_mtus(lab: Lab) -> Iterator[str]:
    mtus = {network.name: network.mtu or DEFAULT_MTU for network in lab.networks}
    for container in lab.containers:
        for attachment in container.attachments:
            theirs = mtus[attachment.network]
            if attachment.mtu not in (None, theirs):
                way = "to" if (attachment.mtu or 0) < theirs else "from"
                yield (
                    f"{_at(lab, (*attachment.path, 'mtu'))}{container.name} has an MTU of {attachment.mtu} on network"
                    f" {attachment.network}, which has {theirs}: larger packets {way} it are lost"
                )


def _strangers(lab: Lab) -> Iterator[str]:
    """Links of which an end has addresses of a family, the other too, and no subnet holds one of each."""
    for link in lab.links:
        one, other = ([Subnet.of(text) for text in end.addresses if "/" in text] for end in link.endpoints)
        for version in (4, 6):
            here, there = ([subnet for subnet in end if subnet.version == version] for end in (one, other))
            if here and there and not any(mine == theirs for mine in here for theirs in there):
                names = " and ".join(f"{end.container}:{end.interface}" for end in link.endpoints)
                ranges = " and ".join(", ".join(map(str, end)) for end in (here, there))
                yield f"{_at(lab, link.path)}the ends of the link, {names}, share no subnet ({ranges}): neither reaches the other"


def _at(lab: Lab, path: Path) -> str:
    where = lab.where(path)
    return f"{where}: " if where else ""


def _many_neighbours(state: State) -> Iterator[str]:
    addresses = (thing for thing in state.objects.values() if isinstance(thing, Address) and thing.interface != "lo")
    attachments = len({(address.namespace, address.interface) for address in addresses})
    if attachments > _NEIGHBOURS // 2:
        wanted = 1 << (2 * attachments - 1).bit_length()
        names = " ".join(f"net.{family}.neigh.default.gc_thresh3={wanted}" for family in ("ipv4", "ipv6"))
        yield (
            f"{attachments} interfaces: when all of them talk to each other, the neighbour table of a usual machine"
            f" ({_NEIGHBOURS} places) overflows and packets are lost: sysctl -w {names}"
        )
