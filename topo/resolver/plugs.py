"""Plug: an interface of a container with its addresses, be it on a network or on a link; and the objects on it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from topo.lab import Impairment, Path
from topo.networks import Assigned
from topo.objects import Object
from topo.objects.address import Address
from topo.objects.namespace import namespace_of
from topo.resolver.impairments import qdisc_of


class Plug(Struct, frozen=True):
    """`link_local` is its fe80:: address, when it has IPv6. `network` and its `gateways`: of an attachment. `impairment`: of
    what it sends. `up`: nobody pulled its cable."""

    container: str
    interface: str
    addresses: tuple[Assigned, ...]
    link_local: Assigned | None
    path: Path
    mtu: int
    impairment: Impairment | None = None
    up: bool = True
    network: str | None = None
    gateways: tuple[Assigned, ...] = ()

    def objects(self, lab: str) -> Iterator[Object]:
        """What becomes of the packets that it sends, and its addresses, as the kernel holds them."""
        here, container = namespace_of(lab, self.container), f"containers/{self.container}"
        if qdisc := qdisc_of(here, container, self.interface, self.mtu, self.impairment):
            yield qdisc
        owner = f"{container}/{self.interface}"
        for given in (*self.addresses, self.link_local) if self.link_local else self.addresses:
            yield Address(namespace=here, owner=owner, interface=self.interface, ip=given.ip, broadcast=given.broadcast)
