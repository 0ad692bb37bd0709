"""Names and marks of links: each unique in its namespace, and a function of the document alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from itertools import count

from topo.lab import Lab
from topo.objects import mark
from topo.objects.names import device_of, fabric_of
from topo.resolver.seats import Seat

_LONGEST = 15
"""IFNAMSIZ less the closing zero."""


class Names:
    """The device names of one fabric."""

    def __init__(self, lab: Lab) -> None:
        self._taken = {"lo"}
        names = [network.name for network in lab.networks]
        self.of_networks: Mapping[str, str] = {name: self._claim(device_of(name)) for name in names}

    def of_port(self, seat: Seat) -> str:
        """The fabric's end of an attachment: `web.eth0`."""
        return self._claim(f"{seat.container.name}.{seat.interface}")

    def of_uplink(self) -> str:
        """The fabric's end of the way out."""
        return self._claim("uplink")

    def of_plug(self, lab: str, network: str) -> tuple[str, str]:
        """The two ends of a cable to a bridge of the host's, where other labs have some, too: `lan.host` here, there
        `topo.shop.lan`."""
        far = wish = f"{fabric_of(lab)}.{network}"
        if len(far.encode()) > _LONGEST:
            far = _shortened(wish, 0)
        return self._claim(f"{device_of(network)}.host"), far

    def _claim(self, wish: str) -> str:
        name, attempts = wish, count()
        while len(name.encode()) > _LONGEST or name in self._taken:
            name = _shortened(wish, next(attempts))
        self._taken.add(name)
        return name


def _shortened(wish: str, attempt: int) -> str:
    digest = blake2b(f"{wish}#{attempt}".encode(), digest_size=3).hexdigest()
    prefix = wish.encode()[: _LONGEST - 1 - len(digest)].decode(errors="ignore")
    return f"{prefix}~{digest}"


_of_attachment = lru_cache(maxsize=4096)(mark.of_attachment)
"""The same for all that are on a network, but who is on it twice."""


class Marks:
    """The marks (IFLA_GROUP) of one lab. Hashes of 23 bits meet: then the later one in the document is hashed again."""

    def __init__(self, lab: Lab) -> None:
        self.of_ports = mark.of_lab(lab.name)
        self._taken: set[tuple[str | None, int]] = {(None, self.of_ports)}
        self.of_networks: Mapping[str, int] = {
            network.name: self._claim(mark.of_network(network.name), None) for network in lab.networks
        }

    def of_attachment(self, seat: Seat) -> int:
        """The mark of the container's end."""
        return self._claim(_of_attachment(seat.attachment.network, seat.ordinal), seat.container.name)

    def of_link(self, one: str, other: str, ordinal: int) -> int:
        """The mark of the first end of a link."""
        return self._claim(mark.of_link(one, other, ordinal), one, other)

    def _claim(self, wish: int, *places: str | None) -> int:
        """`wish`, or the first hash of it that is free. `places`: containers; None: the fabric."""
        value, attempts = wish, count()
        while not self._taken.isdisjoint(claimed := [(place, value) for place in places]):
            value = mark.group(f"{wish}#{next(attempts)}")
        self._taken.update(claimed)
        return value
