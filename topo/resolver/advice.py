"""Lab, its state -> warnings: what can be, and will surprise."""

from __future__ import annotations

from collections.abc import Iterator

from topo.lab import Lab
from topo.objects import State
from topo.objects.address import Address
from topo.resolver.segments import DEFAULT_MTU

_NEIGHBOURS = 1024
"""gc_thresh3, arp(7): the places in the machine's one neighbour table, unless somebody changed it."""


def warnings(lab: Lab, state: State) -> tuple[str, ...]:
    """Sentences for the user, each with its place in the file when it has one."""
    return (*_small_mtus(lab), *_many_neighbours(state))


def _small_mtus(lab: Lab) -> Iterator[str]:
    mtus = {network.name: network.mtu or DEFAULT_MTU for network in lab.networks}
    for container in lab.containers:
        for attachment in container.attachments:
            theirs = mtus[attachment.network]
            if attachment.mtu is not None and attachment.mtu < theirs:
                where = lab.where((*attachment.path, "mtu"))
                yield (
                    f"{f'{where}: ' if where else ''}{container.name} has an MTU of {attachment.mtu} on network"
                    f" {attachment.network}, which has {theirs}: larger packets to it are lost"
                )


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
