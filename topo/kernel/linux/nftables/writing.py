"""Chains -> the requests of the one transaction that makes a table anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from struct import pack

from msgspec import Struct

from topo.kernel.linux import attributes
from topo.kernel.linux.messages import NLM_F_CREATE, NLM_F_EXCL
from topo.kernel.linux.nftables import phrases
from topo.kernel.linux.nftables.expressions import REGISTER, VALUE, Expression, u32
from topo.kernel.linux.nftables.hooks import FAMILIES, HOOKS, POLICIES
from topo.kernel.linux.nftables.socket import Nft, message
from topo.objects.firewall import Chain

_NLM_F_APPEND = 0x800
_ANONYMOUS_CONSTANT = 0x3
_TYPES = {4: 38, 16: 41}
"""Bytes of a member -> nft's number of its type (TYPE_FIB_ADDR, TYPE_IFNAME): nft(8) prints the members in words by it."""
_HOST_BYTE_ORDER = bytes((0, 4)) + pack("=I", 1)  # nft's note on a set (NFTNL_UDATA_SET_KEYBYTEORDER), in its own form
_IS_MAP = 0x8
_ADDRESSED = {2: 13, 8: 7 << 6 | 13, 20: 8 << 6 | 13}
"""The same of what is in maps: a port (TYPE_INET_SERVICE), an address and a port (TYPE_IPADDR, TYPE_IP6ADDR; 6 bits each)."""
_PIECE = 500
_ANY_NAME = "__set%d"


class Request(Struct, frozen=True):
    """A message, and what it is about, for an error: "the rule `counter drop` of input"."""

    message: bytes
    about: str


class Table(Struct, frozen=True):
    """`family` as nft(8) calls it."""

    family: str
    name: str

    def __str__(self) -> str:
        return f"the table {self.family} {self.name}"

    def message(self, kind: Nft, flags: int, *attributes: bytes) -> bytes:
        """A request about the table, or about what belongs to it."""
        return message(kind, flags, FAMILIES[self.family], _name(self.name), *attributes)


def create(table: Table, chains: Sequence[Chain]) -> list[Request]:
    """Makes the table, where there is none (else the kernel says EEXIST). Raises KernelError for a rule that topo has no
    words for."""
    made = table.message(Nft.NEWTABLE, NLM_F_CREATE | NLM_F_EXCL, u32(2, 0))
    return [Request(made, str(table)), *_contents(table, chains)]


def replace(table: Table, chains: Sequence[Chain]) -> list[Request]:
    """Makes the table with these chains and no others. Raises KernelError for a rule that topo has no words for.

    It is added before it is deleted, because deleting one that is not there would end the transaction.
    """
    return [*delete(table), *create(table, chains)]


def delete(table: Table) -> list[Request]:
    """Leaves no such table, whether there was one or not."""
    add = table.message(Nft.NEWTABLE, NLM_F_CREATE, u32(2, 0))
    return [Request(add, str(table)), Request(table.message(Nft.DELTABLE, 0), str(table))]


def _contents(table: Table, chains: Sequence[Chain]) -> Iterator[Request]:
    numbers = count(1)
    for chain in chains:
        yield _chain(table, chain)
        for rule in chain.rules:
            yield from _rule(table, chain.name, rule, numbers)


def _chain(table: Table, chain: Chain) -> Request:
    hook = attributes.nested(4, u32(1, HOOKS[chain.hook]), attributes.raw(2, pack("!i", chain.priority)))
    told = (attributes.text(3, chain.name), hook, u32(5, POLICIES[chain.policy]), attributes.text(7, chain.type))
    return Request(table.message(Nft.NEWCHAIN, NLM_F_CREATE, *told), f"the chain {chain.name}")


def _rule(table: Table, chain: str, rule: str, numbers: Iterator[int]) -> Iterator[Request]:
    about = f"the rule `{rule}` of {chain}"
    parts: list[bytes] = []
    for expression in phrases.encode(rule):
        data = expression.data
        if expression.members or expression.pairs:
            number = next(numbers)
            yield from (_map if expression.pairs else _set)(table, expression, number, about)
            into = u32(3, REGISTER) if expression.pairs else b""
            data = attributes.text(1, _ANY_NAME) + u32(2, REGISTER) + into + u32(4, number)
        parts.append(attributes.nested(1, attributes.text(1, expression.name), attributes.nested(2, data)))
    told = (attributes.text(2, chain), attributes.nested(4, *parts))
    yield Request(table.message(Nft.NEWRULE, NLM_F_CREATE | _NLM_F_APPEND, *told), about)


def _set(table: Table, expression: Expression, number: int, about: str) -> Iterator[Request]:
    """A set without a name of its own: the kernel gives it one, and it goes with its rule."""
    members = sorted(expression.members)
    length = len(members[0])
    key = (u32(3, _ANONYMOUS_CONSTANT), u32(4, _TYPES[length]), u32(5, length))
    size = attributes.nested(9, u32(1, len(members)))
    whose = attributes.text(2, _ANY_NAME)
    told = (*key, u32(10, number), size, attributes.raw(13, _HOST_BYTE_ORDER))
    yield Request(table.message(Nft.NEWSET, NLM_F_CREATE, whose, *told), about)
    keys = (attributes.nested(1, attributes.nested(1, attributes.raw(VALUE, member))) for member in members)
    yield Request(table.message(Nft.NEWSETELEM, NLM_F_CREATE, whose, u32(4, number), attributes.nested(3, *keys)), about)


def _map(table: Table, expression: Expression, number: int, about: str) -> Iterator[Request]:
    """The same of a map. The length of an attribute has 16 bits: many elements are said in several messages."""
    pairs = sorted(expression.pairs)
    key, value = (len(part) for part in pairs[0])
    kind = (u32(3, _ANONYMOUS_CONSTANT | _IS_MAP), u32(4, _ADDRESSED[key]), u32(5, key), u32(6, _ADDRESSED[value]), u32(7, value))
    whose = attributes.text(2, _ANY_NAME)
    told = (*kind, u32(10, number), attributes.nested(9, u32(1, len(pairs))))
    yield Request(table.message(Nft.NEWSET, NLM_F_CREATE, whose, *told), about)
    for at in range(0, len(pairs), _PIECE):
        some = (attributes.nested(1, _part(1, one), _part(2, to)) for one, to in pairs[at : at + _PIECE])
        yield Request(table.message(Nft.NEWSETELEM, NLM_F_CREATE, whose, u32(4, number), attributes.nested(3, *some)), about)


def _part(kind: int, value: bytes) -> bytes:
    return attributes.nested(kind, attributes.raw(VALUE, value))


def _name(table: str) -> bytes:
    return attributes.text(1, table)
