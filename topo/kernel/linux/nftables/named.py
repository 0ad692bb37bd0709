"""Phrases with a name or an address in them <-> expressions: what no table can list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton

from topo.kernel.linux.nftables.expressions import (
    DPORT,
    NETWORK_HEADER,
    PROTOCOLS,
    TRANSPORT_HEADER,
    Expression,
    differs,
    holds,
    is_one_of,
    meta,
    of_family,
    of_protocol,
    payload,
    value_of,
)

_NFT_META_IIFNAME, _NFT_META_OIFNAME = 6, 7
_IFNAMSIZ = 16

_NAME = r'"([^"\s]+)"'
_INTERFACES = {"iifname": _NFT_META_IIFNAME, "oifname": _NFT_META_OIFNAME}
_INTERFACE = re.compile(rf"(iifname|oifname) (!= )?(?:{_NAME}|\{{ ({_NAME}(?:, {_NAME})*) \}})(?= |$)")
_ADDRESS = re.compile(r"((?:ip|ip6) [sd]addr) ([0-9a-f.:]+)(?= |$)")
_PORT = re.compile(r"(tcp|udp) dport ([0-9]+)(?= |$)")

_ADDRESSES: Mapping[str, tuple[int, int, int, int]] = {
    "ip saddr": (2, AF_INET, 12, 4),
    "ip daddr": (2, AF_INET, 16, 4),
    "ip6 saddr": (10, AF_INET6, 8, 16),
    "ip6 daddr": (10, AF_INET6, 24, 16),
}
"""The words -> NFPROTO_..., family, and where the address stands in the header, in bytes: offset, length."""

Said = tuple[str, int]
"""A phrase, and how many expressions it stands for."""


def encode(rest: str) -> tuple[str, tuple[Expression, ...]] | None:
    """The phrase that the text begins with, and its expressions; None when it begins with none of these."""
    if found := _INTERFACE.match(rest):
        word, negated, one, several = found.group(1, 2, 3, 4)
        load = meta(_INTERFACES[word])
        if several:
            return found[0], (load, is_one_of(*(_padded(name) for name in re.findall(_NAME, several))))
        return found[0], (load, (differs if negated else holds)(_pattern(one)))
    if found := _ADDRESS.match(rest):
        protocol, family, offset, length = _ADDRESSES[found[1]]
        value = inet_pton(family, found[2])
        return found[0], (*of_family(protocol), payload(NETWORK_HEADER, offset, length), holds(value))
    if found := _PORT.match(rest):
        return found[0], (*_to_port(PROTOCOLS[found[1]]), holds(int(found[2]).to_bytes(2, "big")))
    return None


def decode(rest: Sequence[Expression]) -> Said | None:
    """The phrase that these expressions begin with; None when it is none of these."""
    for read in (_interface, _address, _port):
        if said := read(rest):
            return said
    return None


def _interface(rest: Sequence[Expression]) -> Said | None:
    word = next((word for word, key in _INTERFACES.items() if rest[0] == meta(key)), None)
    if word is None or len(rest) < 2:
        return None
    second = rest[1]
    if second.members and second == is_one_of(*second.members):
        names = ", ".join(f'"{_name(member)}"' for member in sorted(second.members))
        return f"{word} {{ {names} }}", 2
    for compare, sign in ((holds, ""), (differs, "!= ")):
        value = value_of(second)
        if value and second == compare(value):
            return f'{word} {sign}"{_name(value)}"', 2
    return None


def _address(rest: Sequence[Expression]) -> Said | None:
    for words, (protocol, family, offset, length) in _ADDRESSES.items():
        begin = (*of_family(protocol), payload(NETWORK_HEADER, offset, length))
        if tuple(rest[:3]) == begin and len(rest) > 3:
            value = value_of(rest[3])
            if value and len(value) == length and rest[3] == holds(value):
                return f"{words} {inet_ntop(family, value)}", 4
    return None


def _port(rest: Sequence[Expression]) -> Said | None:
    for word, protocol in PROTOCOLS.items():
        begin = _to_port(protocol)
        if tuple(rest[:3]) == begin and len(rest) > 3:
            value = value_of(rest[3])
            if value and len(value) == 2 and rest[3] == holds(value):
                return f"{word} dport {int.from_bytes(value, 'big')}", 4
    return None


def _to_port(protocol: int) -> tuple[Expression, Expression, Expression]:
    """Only the header of a protocol that has ports is looked into."""
    return (*of_protocol(protocol), payload(TRANSPORT_HEADER, DPORT, 2))


def _pattern(name: str) -> bytes:
    """A name that ends with * stands for all that begin so: the comparison ends there."""
    return name[:-1].encode() if name.endswith("*") else _padded(name)


def _padded(name: str) -> bytes:
    return name.encode().ljust(_IFNAMSIZ, b"\0")


def _name(value: bytes) -> str:
    text = value.rstrip(b"\0").decode(errors="replace")
    return text if len(value) == _IFNAMSIZ else f"{text}*"
