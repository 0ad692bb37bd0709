"""The dumps of a namespace's rules -> the chains of its tables of one name, in the words in which they are desired."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from errno import EAGAIN
from struct import unpack

from topo.kernel.linux import attributes
from topo.kernel.linux.nftables import phrases
from topo.kernel.linux.nftables.expressions import COUNTER, REGISTER, VALUE, Expression, u32
from topo.kernel.linux.nftables.hooks import FAMILY_NAMES, HOOK_NAMES, POLICY_NAMES
from topo.kernel.linux.nftables.socket import BODY, EVERY_FAMILY, Nft, NftSocket
from topo.objects.firewall import Chain

_KINDS = {u32(3, 0x3)[4:]: {1}, u32(3, 0xB)[4:]: {1, 2}}
"""Flags of a set without a name, and of a map -> what each element has: a key, a value (NFTA_SET_ELEM_...)."""
_NO = u32(0, 0)[4:]
_REGISTER = u32(0, REGISTER)[4:]
_ATTEMPTS = 20

Members = frozenset[tuple[bytes, ...]]

Said = attributes.Attributes
"""type -> value of the attributes of one reply."""


def read(socket: NftSocket, table: str) -> Mapping[str, tuple[Chain, ...]]:
    """family -> the chains of the table of that name, in their order, for each family that has one. Raises OSError."""
    for _ in range(_ATTEMPTS):
        dumps = _Dumps(socket, table)
        with suppress(FileNotFoundError):  # a set has gone since the sets were listed
            found = {FAMILY_NAMES[family]: dumps.chains(family, asleep) for family, asleep in dumps.tables().items()}
            if len(dumps.generations) <= 1:
                return found
    raise OSError(EAGAIN, "the firewall changes faster than it can be read")


class _Dumps:
    """Dumps of what belongs to tables of one name. Each reply carries the number of the generation of the rules that it saw."""

    def __init__(self, socket: NftSocket, table: str) -> None:
        self._socket = socket
        self._table = table.encode() + b"\0"
        self.generations: set[bytes] = set()

    def tables(self) -> dict[int, bool]:
        """The families that have such a table -> whether it is put to sleep."""
        found = self._replies(Nft.GETTABLE, EVERY_FAMILY)
        return {family: said.get(2, _NO) != _NO for family, said in found if family in FAMILY_NAMES}

    def chains(self, family: int, asleep: bool) -> tuple[Chain, ...]:
        """The chains of one of them."""
        sets = {
            said[2]: members for said in self._ask(Nft.GETSET, family) if (members := self._members(family, said)) is not None
        }
        rules: dict[bytes, list[str]] = {}
        for said in self._ask(Nft.GETRULE, family):
            expressions = [_expression(attributes.read(one), sets) for _, one in attributes.each(said.get(4, b""))]
            rules.setdefault(said[2], []).append(phrases.decode(expressions))
        return tuple(_chain(said, tuple(rules.get(said[3], ())), asleep) for said in self._ask(Nft.GETCHAIN, family))

    def _ask(self, kind: Nft, family: int, *more: bytes) -> list[Said]:
        return [said for _, said in self._replies(kind, family, *more)]

    def _replies(self, kind: Nft, family: int, *more: bytes) -> list[tuple[int, Said]]:
        replies = self._socket.replies(kind, family, attributes.raw(1, self._table), *more)
        self.generations.update(reply[2:BODY] for reply in replies)
        # Not every dump is filtered by the table: that of the tables is not, that of the chains only in newer kernels.
        said = ((reply[0], attributes.read(reply, BODY)) for reply in replies)
        return [(family, one) for family, one in said if one.get(1) == self._table]

    def _members(self, family: int, said: Said) -> Members | None:
        """What is in a set or map that belongs to one rule; None for sets of another make."""
        kinds = _KINDS.get(said.get(3, b""))
        if kinds is None:
            return None
        found: set[tuple[bytes, ...]] = set()
        for reply in self._ask(Nft.GETSETELEM, family, attributes.raw(2, said[2])):
            for _, element in attributes.each(reply.get(3, b"")):
                parts = attributes.read(element)
                if parts.kinds() != kinds:
                    return None
                found.add(tuple(attributes.read(parts[kind])[VALUE] for kind in sorted(kinds)))
        return frozenset(found)


def _chain(said: Said, rules: tuple[str, ...], asleep: bool) -> Chain:
    """What no chain of topo's has (no hook, a table put to sleep) is named in the hook, so that it differs."""
    name = attributes.string(said[3])
    if 4 not in said:
        return Chain(name=name, hook="", priority=0, policy="", rules=rules)
    place = attributes.read(said[4])
    number, priority = int.from_bytes(place[1], "big"), unpack("!i", place[2])[0]
    hook, kind = HOOK_NAMES.get(number, f"unknown {number}"), attributes.string(said.get(7, b""))
    hook += " dormant" if asleep else ""
    policy = POLICY_NAMES[int.from_bytes(said.get(5, b"\1"), "big")]
    return Chain(name=name, hook=hook, priority=priority, policy=policy, rules=rules, type=kind)


def _expression(said: Said, sets: Mapping[bytes, Members]) -> Expression:
    name, data = attributes.string(said.get(1, b"")), said.get(2, b"")
    if name == "counter":
        return COUNTER
    if name == "lookup":
        parts = attributes.read(data)
        plain = parts.get(2) == _REGISTER and parts.get(3, _REGISTER) == _REGISTER and parts.get(5, _NO) == _NO
        if plain and parts.get(1) in sets:
            members = sets[parts[1]]
            if 3 in parts:
                return Expression(name, pairs=members)  # type: ignore[arg-type]  # each has two parts
            return Expression(name, members=frozenset(one for (one,) in members))
    return Expression(name, data)
