"""Plug: an interface of a container with its addresses, be it on a network or on a link; and its Address objects."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from topo.lab import Path
from topo.networks import Assigned
from topo.objects.address import Address
from topo.objects.namespace import namespace_of


class Plug(Struct, frozen=True):
    """`link_local` is its fe80:: address, when it has IPv6. `network` and its `gateways`: of an attachment."""

    container: str
    interface: str
    addresses: tuple[Assigned, ...]
    link_local: Assigned | None
    path: Path
    network: str | None = None
    gateways: tuple[Assigned, ...] = ()

    def objects(self, lab: str) -> Iterator[Address]:
        """Its addresses, as the kernel holds them."""
        here, owner = namespace_of(lab, self.container), f"containers/{self.container}/{self.interface}"
        for given in (*self.addresses, self.link_local) if self.link_local else self.addresses:
            yield Address(namespace=here, owner=owner, interface=self.interface, ip=given.ip, broadcast=given.broadcast)
