"""Seats, their addresses -> MACs: no two alike on one layer 2 domain, and functions of the document alone."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from itertools import count

from msgspec import Struct, field

from topo.lab import Network, Path
from topo.networks import Assigned
from topo.resolver.problems import Problems
from topo.resolver.seats import Seat
from topo.resolver.subnet import number


def of_ipv4(address: str) -> str:
    """02:42 and the address, as classic Docker: 02:42:ac:11:00:02 of 172.17.0.2."""
    return _text(number(address).to_bytes(4, "big"))


def link_local(mac: str) -> Assigned:
    """The fe80:: address of an interface with this MAC (RFC 4291, appendix A: EUI-64)."""
    value = int(mac.replace(":", ""), 16)
    first = value >> 32 ^ 0x200
    # A leading zero group disappears in the `::`, which stands for the longest run of zeros.
    begin = f"fe80::{first:x}" if first else "fe80:"
    bare = f"{begin}:{value >> 16 & 0xFF00 | 0xFF:x}:{0xFE00 | value >> 16 & 0xFF:x}:{value & 0xFFFF:x}"
    return Assigned(f"{bare}/64", bare, 6)


class SeatMacs(Struct, frozen=True):
    """The MACs of one attachment: of the container's interface, and of the fabric's end of it."""

    own: str
    port: str


def macs_of(
    network: Network,
    seats: Sequence[Seat],
    addresses: Sequence[Sequence[Assigned]],
    problems: Problems,
    *,
    lan_of: str | None = None,
) -> tuple[str, list[SeatMacs]]:
    """The MAC of the network's device, and those of each seat.

    lan_of: on a LAN, where another lab of the same file may be, too, the lab's name: the MACs are hashes of that as well.
    """
    macs = Macs(problems)
    device = macs.named(network.mac, ("networks", network.name, "mac")) if network.mac else None
    own = [macs.named(seat.attachment.mac, (*seat.attachment.path, "mac")) if seat.attachment.mac else None for seat in seats]
    for at, (seat, mine) in enumerate(zip(seats, addresses, strict=True)):
        ipv4 = [address.bare for address in mine if address.version == 4]
        if own[at] is None and ipv4 and lan_of is None:
            own[at] = macs.of_address(ipv4[0], seat.attachment.path)
    device = device or macs.hashed(f"network:{network.name}")
    lan = "" if lan_of is None else f"{lan_of}:"
    each = []
    for seat, mac in zip(seats, own, strict=True):
        purpose = f"{lan}{network.name}:{seat.container.name}#{seat.ordinal}"
        each.append(SeatMacs(mac or macs.hashed(f"attachment:{purpose}"), macs.hashed(f"port:{purpose}")))
    return device, each


class Macs(Struct):
    """The MACs of one layer 2 domain. Named ones are told first, then those of addresses, then hashes around both."""

    problems: Problems
    _taken: dict[str, Path] = field(default_factory=dict)

    def named(self, mac: str, path: Path) -> str:
        """One that the file names at `path`."""
        if mac in self._taken:
            other = self.problems.at(self._taken[mac])
            message = f"{mac} is the MAC of another interface on the same network already ({other})"
            self.problems.add(path, message, code="mac-twice", hint="choose another one, or leave it out")
        else:
            self._taken[mac] = path
        return mac

    def of_address(self, address: str, path: Path) -> str:
        """The one of an interface that has an IPv4 address. That a named one is the same is that one's problem."""
        mac = of_ipv4(address)
        if mac in self._taken:
            message = f"{mac} is the MAC of the interface with the address {address} ({self.problems.at(path)})"
            hint = "MACs that begin with 02:42 are made from addresses: choose another one"
            # The address may be one that was chosen, among others than there would be in a whole document.
            self.problems.add(self._taken[mac], message, code="mac-twice", hint=hint, given=[()])
        else:
            self._taken[mac] = path
        return mac

    def hashed(self, purpose: str) -> str:
        """02:42 and four bytes of a hash of what it is for; hashed again while another one has it."""
        mac, attempts = _hash(purpose), count(1)
        while mac in self._taken:
            mac = _hash(f"{purpose}#{next(attempts)}")
        self._taken[mac] = ()
        return mac


def _hash(text: str) -> str:
    return _text(blake2b(text.encode(), digest_size=4).digest())


def _text(last: bytes) -> str:
    return f"02:42:{last.hex(':')}"
