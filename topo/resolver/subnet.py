"""CIDR text <-> Subnet: a range of addresses as integers, which is what numbering thousands of them needs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv6Address

from msgspec import Struct

from topo.lab import Path
from topo.networks import Assigned, version_of

_BITS = {4: 32, 6: 128}


def number(text: str) -> int:
    """The integer of a bare address."""
    if ":" not in text:
        a, b, c, d = text.split(".")
        return int(a) << 24 | int(b) << 16 | int(c) << 8 | int(d)
    if "." in text:  # inet_ntop(3) writes ::ffff:10.0.0.1
        return int(IPv6Address(text))
    head, _, tail = text.partition("::")
    front, back = head.split(":") if head else [], tail.split(":") if tail else []
    return _joined(front) << 16 * (8 - len(front)) | _joined(back)


def _joined(groups: Sequence[str]) -> int:
    value = 0
    for group in groups:
        value = value << 16 | int(group, 16)
    return value


def words(version: int, value: int) -> str:
    """The canonical text of a bare address."""
    if version == 4:
        return f"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}"
    return str(IPv6Address(value))


_broadcast = lru_cache(maxsize=1024)(words)
"""One for all that are on a network."""


class Subnet(Struct, frozen=True):
    """The addresses `first` to `last`. `path` is where the document asks for it."""

    version: int
    first: int
    last: int
    prefix: int
    path: Path = ()

    @classmethod
    def of(cls, text: str, path: Path = ()) -> Subnet:
        """The subnet that holds an address with a prefix length: of 10.0.0.2/24, as of 10.0.0.0/24, it is the latter."""
        address, slash, length = text.partition("/")
        version = version_of(address)
        size = 1 << _BITS[version] - (int(length) if slash else _BITS[version])
        first = number(address) & -size
        return cls(version, first, first + size - 1, int(length) if slash else _BITS[version], path)

    def __str__(self) -> str:
        return f"{words(self.version, self.first)}/{self.prefix}"

    def __contains__(self, value: int) -> bool:
        return self.first <= value <= self.last

    @property
    def _pair(self) -> bool:
        """Whether it is so small that every address is a host's: /31 (RFC 3021), /127 (RFC 6164), and a single one."""
        return self.prefix >= _BITS[self.version] - 1

    @property
    def lowest(self) -> int:
        """The first host address. In IPv6 the very first is the anycast address of the subnet's routers (RFC 4291, 2.6.1)."""
        return self.first if self._pair else self.first + 1

    @property
    def highest(self) -> int:
        """The last host address."""
        return self.last if self._pair or self.version == 6 else self.last - 1

    @property
    def hosts(self) -> str:
        """The host addresses, in words."""
        low, high = words(self.version, self.lowest), words(self.version, self.highest)
        return f"{low} to {high}" if low != high else low

    def unusable(self, value: int) -> str | None:
        """Why an address of it cannot be a host's, in words; None when it can."""
        if value < self.lowest:
            return "the network address" if self.version == 4 else "the anycast address of the routers"
        return "the broadcast address" if value > self.highest else None

    def assigned(self, value: int) -> Assigned:
        """The address as an interface has it."""
        return self.named(words(self.version, value))

    def named(self, bare: str) -> Assigned:
        """The same, of its canonical text."""
        broadcast = _broadcast(4, self.last) if self.version == 4 and not self._pair else None
        return Assigned(f"{bare}/{self.prefix}", bare, self.version, broadcast)
