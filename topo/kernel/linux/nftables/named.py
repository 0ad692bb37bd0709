"""Phrases with a name or an address in them <-> expressions: what no table can list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton

from topo.kernel.linux.nftables.expressions import Expression, differs, holds, is_one_of, meta, payload, value_of

_NETWORK_HEADER = 1
_NFT_META_IIFNAME, _NFT_META_OIFNAME, _NFT_META_NFPROTO = 6, 7, 15
_IFNAMSIZ = 16

_NAME = r'"([^"\s]+)"'
_INTERFACES = {"iifname": _NFT_META_IIFNAME, "oifname": _NFT_META_OIFNAME}
_INTERFACE = re.compile(rf"(iifname|oifname) (!= )?(?:{_NAME}|\{{ ({_NAME}(?:, {_NAME})*) \}})(?= |$)")
_ADDRESS = re.compile(r"(ip|ip6) saddr ([0-9a-f.:]+)(?= |$)")

_SOURCES: Mapping[str, tuple[int, int, int, int]] = {"ip": (2, AF_INET, 12, 4), "ip6": (10, AF_INET6, 8, 16)}
"""The word -> NFPROTO_..., family, and where the source stands in the header, in bytes: offset, length."""

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
        protocol, family, offset, length = _SOURCES[found[1]]
        value = inet_pton(family, found[2])
        return found[0], (*_of_family(protocol), payload(_NETWORK_HEADER, offset, length), holds(value))
    return None


def decode(rest: Sequence[Expression]) -> Said | None:
    """The phrase that these expressions begin with; None when it is none of these."""
    for read in (_interface, _source):
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


def _source(rest: Sequence[Expression]) -> Said | None:
    for word, (protocol, family, offset, length) in _SOURCES.items():
        begin = (*_of_family(protocol), payload(_NETWORK_HEADER, offset, length))
        if tuple(rest[:3]) == begin and len(rest) > 3:
            value = value_of(rest[3])
            if value and len(value) == length and rest[3] == holds(value):
                return f"{word} saddr {inet_ntop(family, value)}", 4
    return None


def _of_family(protocol: int) -> tuple[Expression, Expression]:
    """In a table of both families a header is looked into only when it is of the right one; nft(8) does not print that."""
    return meta(_NFT_META_NFPROTO), holds(bytes((protocol,)))


def _pattern(name: str) -> bytes:
    """A name that ends with * stands for all that begin so: the comparison ends there."""
    return name[:-1].encode() if name.endswith("*") else _padded(name)


def _padded(name: str) -> bytes:
    return name.encode().ljust(_IFNAMSIZ, b"\0")


def _name(value: bytes) -> str:
    text = value.rstrip(b"\0").decode(errors="replace")
    return text if len(value) == _IFNAMSIZ else f"{text}*"
