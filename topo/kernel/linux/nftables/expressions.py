"""What a rule is made of: expressions, with their data in the very bytes in which the kernel gives them back."""

from __future__ import annotations

from struct import pack

from msgspec import Struct

from topo.kernel.linux import attributes

REGISTER = 1
VALUE = 1
"""NFTA_DATA_VALUE."""

LINK_HEADER, NETWORK_HEADER, TRANSPORT_HEADER = 0, 1, 2
"""NFT_PAYLOAD_..._HEADER."""
DPORT = 2
"""Where the port stands in the header of TCP and of UDP, in bytes."""
PROTOCOLS = {"tcp": 6, "udp": 17}
"""The words -> IPPROTO_..."""
_NFT_META_NFPROTO, _NFT_META_L4PROTO = 15, 16

_EQ, _NEQ = 0, 1


class Expression(Struct, frozen=True):
    """`name` is the kernel's. `members`: of a lookup in a set that has no name, what is in that set, as in a register.
    `pairs`: the same of a map, with what the register holds after it."""

    name: str
    data: bytes = b""
    members: frozenset[bytes] = frozenset()
    pairs: frozenset[tuple[bytes, bytes]] = frozenset()


COUNTER = Expression("counter")
"""Without its numbers: what it has counted is no part of a rule."""

MASQUERADE = Expression("masq")
"""The packet gets the address of the interface that it leaves by."""


def u32(kind: int, value: int) -> bytes:
    """An attribute with a number: nf_tables has them in network byte order."""
    return attributes.raw(kind, pack("!I", value))


def host(value: int) -> bytes:
    """A number as it stands in a register: in the byte order of the machine."""
    return pack("=I", value)


def meta(key: int) -> Expression:
    """Loads a property of the packet into the register (NFT_META_...)."""
    return Expression("meta", u32(2, key) + u32(1, REGISTER))


def payload(base: int, offset: int, length: int, register: int = REGISTER) -> Expression:
    """Loads bytes of the packet into the register (NFT_PAYLOAD_..._HEADER, in bytes)."""
    return Expression("payload", u32(1, register) + u32(2, base) + u32(3, offset) + u32(4, length))


def of_family(protocol: int) -> tuple[Expression, Expression]:
    """Goes on with a packet of this family (NFPROTO_...): in a table of both a header is looked into only when it is of the right
    one; nft(8) does not print that."""
    return meta(_NFT_META_NFPROTO), holds(bytes((protocol,)))


def of_protocol(protocol: int) -> tuple[Expression, Expression]:
    """Goes on with a packet of this protocol above IP (IPPROTO_...)."""
    return meta(_NFT_META_L4PROTO), holds(bytes((protocol,)))


def fib(result: int, flags: int) -> Expression:
    """Loads what the routing table says of the packet (NFT_FIB_RESULT_..., NFTA_FIB_F_...)."""
    return Expression("fib", u32(1, REGISTER) + u32(2, result) + u32(3, flags))


def conntrack(key: int) -> Expression:
    """Loads a property of the packet's connection (NFT_CT_...)."""
    return Expression("ct", u32(1, REGISTER) + u32(2, key))


def equals(value: int) -> Expression:
    """Goes on when the register holds the number."""
    return holds(host(value))


def holds(value: bytes) -> Expression:
    """Goes on when the register holds these bytes."""
    return _compare(_EQ, value)


def differs(value: bytes) -> Expression:
    """Goes on when the register holds anything else."""
    return _compare(_NEQ, value)


def value_of(comparison: Expression) -> bytes | None:
    """What an expression compares the register with; None when it is no comparison."""
    if comparison.name != "cmp":
        return None
    return attributes.read(attributes.read(comparison.data).get(3, b"")).get(VALUE)


def has_one_of(bits: int) -> tuple[Expression, Expression]:
    """Goes on when one of the bits is set in the register."""
    mask = attributes.nested(4, attributes.raw(VALUE, host(bits)))
    xor = attributes.nested(5, attributes.raw(VALUE, host(0)))
    data = u32(1, REGISTER) + u32(2, REGISTER) + u32(3, 4) + u32(6, 0) + mask + xor
    return Expression("bitwise", data), _compare(_NEQ, host(0))


def is_among(*members: int) -> Expression:
    """Goes on when the register holds one of the numbers: a lookup in a set without a name."""
    return is_one_of(*map(host, members))


def is_one_of(*members: bytes) -> Expression:
    """The same, of what is no number."""
    return Expression("lookup", members=frozenset(members))


def verdict(code: int) -> Expression:
    """Ends the rule: NF_DROP or NF_ACCEPT."""
    inner = attributes.nested(2, u32(1, code))
    return Expression("immediate", u32(1, 0) + attributes.nested(2, inner))


def _compare(operator: int, value: bytes) -> Expression:
    data = attributes.nested(3, attributes.raw(VALUE, value))
    return Expression("cmp", u32(1, REGISTER) + u32(2, operator) + data)
