"""`dnat ip to tcp dport map { 8080 : 198.18.0.2 . 8080 }` <-> expressions: one rule for all ports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton

from msgspec import Struct

from topo.kernel.linux.nftables.expressions import (
    DPORT,
    NETWORK_HEADER,
    PROTOCOLS,
    REGISTER,
    TRANSPORT_HEADER,
    Expression,
    of_family,
    of_protocol,
    payload,
    u32,
)

_NFT_NAT_DNAT = 1
_MAP_IPS_AND_PORTS = 3  # NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED
_PORT = r"[0-9]{1,5}"
_IP = "[0-9a-f.:]+"
_PAIR = re.compile(rf"(?:({_IP}) \. )?({_PORT}) : ({_IP}) \. ({_PORT})")
_MAP = re.compile(
    rf"dnat (ip|ip6) to (?:(?:ip|ip6) (daddr) \. )?(tcp|udp) dport map \{{ ({_PAIR.pattern}(?:, {_PAIR.pattern})*) \}}(?= |$)"
)

Said = tuple[str, int]


class _Family(Struct, frozen=True):
    """daddr: offset and length in the header, in bytes. behind: the register behind one with an address; nf_tables counts
    registers of 4 bytes from 8 on, and names every fourth by the older number of those of 16 (nft_dump_register)."""

    nfproto: int
    number: int
    daddr: tuple[int, int]
    behind: int


_FAMILIES: Mapping[str, _Family] = {"ip": _Family(2, AF_INET, (16, 4), 9), "ip6": _Family(10, AF_INET6, (24, 16), 2)}


def encode(rest: str) -> tuple[str, tuple[Expression, ...]] | None:
    """The phrase that the text begins with, and its expressions; None when it begins with no such map."""
    found = _MAP.match(rest)
    if not found:
        return None
    word, daddr, protocol, pairs = found.group(1, 2, 3, 4)
    family = _FAMILIES[word]
    elements = frozenset(_element(family, *pair.group(1, 2, 3, 4)) for pair in _PAIR.finditer(pairs))
    return found[0], (*_key(family, protocol, wide=not daddr), Expression("lookup", pairs=elements), _nat(family))


def _element(family: _Family, host: str | None, port: str, to: str, target: str) -> tuple[bytes, bytes]:
    key = inet_pton(family.number, host) + _number(port) + bytes(2) if host else _number(port)
    return key, inet_pton(family.number, to) + _number(target) + bytes(2)


def _number(port: str) -> bytes:
    return int(port).to_bytes(2, "big")


def _key(family: _Family, protocol: str, *, wide: bool) -> tuple[Expression, ...]:
    """Loads what is looked up: a port, or (not wide) an address and behind it a port."""
    daddr = () if wide else (payload(NETWORK_HEADER, *family.daddr),)
    dport = payload(TRANSPORT_HEADER, DPORT, 2, REGISTER if wide else family.behind)
    return (*of_family(family.nfproto), *of_protocol(PROTOCOLS[protocol]), *daddr, dport)


def _nat(family: _Family) -> Expression:
    """The packet goes to the address in the register, and to the port behind it."""
    numbers = _NFT_NAT_DNAT, family.nfproto, REGISTER, REGISTER, family.behind, family.behind, _MAP_IPS_AND_PORTS
    return Expression("nat", b"".join(u32(kind, number) for kind, number in enumerate(numbers, 1)))


def decode(rest: Sequence[Expression]) -> Said | None:
    """The phrase that these expressions begin with; None when it is no such map."""
    for (word, family), protocol, wide in product(_FAMILIES.items(), PROTOCOLS, (True, False)):
        key = _key(family, protocol, wide=wide)
        length = len(key) + 2
        if tuple(rest[: len(key)]) == key and len(rest) >= length and rest[length - 1] == _nat(family) and rest[length - 2].pairs:
            looked = f"{word} daddr . {protocol} dport" if not wide else f"{protocol} dport"
            pairs = ", ".join(_words(family, sorted(rest[length - 2].pairs), wide=wide))
            return f"dnat {word} to {looked} map {{ {pairs} }}", length
    return None


def _words(family: _Family, pairs: Sequence[tuple[bytes, bytes]], *, wide: bool) -> Iterator[str]:
    for key, to in pairs:
        yield f"{_text(family, key) if not wide else int.from_bytes(key, 'big')} : {_text(family, to)}"


def _text(family: _Family, value: bytes) -> str:
    length = family.daddr[1]
    return f"{inet_ntop(family.number, value[:length])} . {int.from_bytes(value[length : length + 2], 'big')}"
