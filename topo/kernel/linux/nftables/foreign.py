"""The host's rules -> the chains of others through which all must go that is forwarded, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from topo.kernel.linux import attributes
from topo.kernel.linux.nftables import phrases
from topo.kernel.linux.nftables.expressions import COUNTER, Expression
from topo.kernel.linux.nftables.socket import BODY, EVERY_FAMILY, Nft, NftSocket
from topo.objects.firewall import INET
from topo.objects.host import PREFIX

FAMILIES = {1: INET, 2: "ip", 10: "ip6"}
FORWARD = 2
"""NF_INET_FORWARD."""
_DROP, _JUMP = 0, -3
_DORMANT, _OWNER = 1, 2
_DOOR = "DOCKER-USER"
"""In which Docker lets others say what it is not to drop: it never empties it, as it does its own."""
_SAYS_NOTHING = frozenset({"counter", "log", "comment"})
_COMMENT = 0
"""NFTNL_UDATA_RULE_COMMENT, and iptables' UDATA_TYPE_COMMENT."""

Said = attributes.Attributes


class Rule(Struct, frozen=True):
    """words: as nft(8) says it, as far as topo can. comment: "" without one. jump: to which chain it goes whatever the packet
    is. drops: it lets nothing pass, and nothing get to the next rule."""

    handle: bytes
    words: str
    comment: str = ""
    jump: str = ""
    drops: bool = False


class Chain(Struct, frozen=True):
    """A chain of the hook `forward`. door: the chain in which a rule at the top has the first word. rules: of the two. free:
    no process has the table for itself (NFT_TABLE_F_OWNER), as newer firewalld has."""

    family: int
    table: str
    name: str
    drops: bool
    door: str
    rules: Mapping[str, Sequence[Rule]]
    free: bool = True
    handle: int = 0

    def words(self, chain: str) -> str:
        """`ip filter FORWARD`: a chain of the same table, as nft(8) wants it named."""
        return f"{FAMILIES[self.family]} {self.table} {chain}"


def forwarding(socket: NftSocket) -> list[Chain]:
    """All of them. Raises OSError."""
    tables = {(family, said[1]): _number(said.get(2)) for family, said in _replies(socket, Nft.GETTABLE)}
    there = _replies(socket, Nft.GETCHAIN)
    names = {(family, said[1], attributes.string(said[3])) for family, said in there}
    found = []
    for family, said in there:
        flags = tables.get((family, said[1]), _DORMANT)
        if _is_of_others(family, said) and not flags & _DORMANT:
            found.append(_chain(socket, family, said, (family, said[1], _DOOR) in names, not flags & _OWNER))
    return found


def comment_of(text: str) -> bytes:
    """The bytes that a rule with this comment has as what its maker says of it (NFTA_RULE_USERDATA)."""
    value = text.encode() + b"\0"
    return bytes((_COMMENT, len(value))) + value


def _is_of_others(family: int, said: Said) -> bool:
    if family not in FAMILIES or 4 not in said or _number(attributes.read(said[4]).get(1)) != FORWARD:
        return False
    table, name = attributes.string(said[1]), attributes.string(said[3])
    return not table.startswith(PREFIX) and not any(letter.isspace() for letter in table + name)


def _chain(socket: NftSocket, family: int, said: Said, has_door: bool, free: bool) -> Chain:
    name = attributes.string(said[3])
    rules = {name: _rules(socket, family, said[1], name)}
    door = name
    if has_door and any(rule.jump == _DOOR for rule in rules[name]):
        door, rules[_DOOR] = _DOOR, _rules(socket, family, said[1], _DOOR)
    drops = _number(said.get(5), 1) == _DROP or any(rule.drops for rule in rules[name])
    return Chain(family, attributes.string(said[1]), name, drops, door, rules, free, _number(said.get(2)))


def _rules(socket: NftSocket, family: int, table: bytes, chain: str) -> list[Rule]:
    asked = attributes.raw(1, table), attributes.text(2, chain)
    replies = [said for _, said in _replies(socket, Nft.GETRULE, family, *asked)]
    return [_rule(said) for said in replies if said.get(2) == chain.encode() + b"\0"]


def _rule(said: Said) -> Rule:
    parts = [attributes.read(one) for _, one in attributes.each(said.get(4, b""))]
    names = [attributes.string(part.get(1, b"")) for part in parts]
    data = [part.get(2, b"") for part in parts]
    comment = _comment(said.get(7, b"")) or next(_matched(zip(names, data, strict=True)), "")
    says = [(name, value) for name, value in zip(names, data, strict=True) if name not in _SAYS_NOTHING]
    code, jump = _verdict(*says[0]) if len(says) == 1 else (None, "")
    expressions = [COUNTER if name == "counter" else Expression(name, value) for name, value in zip(names, data, strict=True)]
    return Rule(said[3], phrases.decode(expressions), comment, jump, code == _DROP)


def _verdict(name: str, data: bytes) -> tuple[int | None, str]:
    """(what becomes of a packet, where it goes on) by one expression."""
    said = attributes.read(data)
    if name == "reject" or (name == "target" and said.get(1) in (b"REJECT\0", b"DROP\0")):
        return _DROP, ""
    if name != "immediate" or 2 not in said:
        return None, ""
    verdict = attributes.read(attributes.read(said[2]).get(2, b""))
    code = int.from_bytes(verdict.get(1, b"\0\0\0\1"), "big", signed=True)
    return code, attributes.string(verdict.get(2, b"")) if code == _JUMP else ""


def _comment(data: bytes) -> str:
    at = 0
    while at + 2 <= len(data):
        kind, length = data[at], data[at + 1]
        if kind == _COMMENT:
            return data[at + 2 : at + 2 + length].rstrip(b"\0").decode(errors="replace")
        at += 2 + length
    return ""


def _matched(parts: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    """iptables-restore makes of a rule's comment a match with that name (struct xt_comment_info)."""
    for name, data in parts:
        said = attributes.read(data) if name == "match" else None
        if said is not None and said.get(1) == b"comment\0":
            yield said.get(3, b"").partition(b"\0")[0].decode(errors="replace")


def _replies(socket: NftSocket, kind: Nft, family: int = EVERY_FAMILY, *asked: bytes) -> list[tuple[int, Said]]:
    return [(reply[0], attributes.read(reply, BODY)) for reply in socket.replies(kind, family, *asked)]


def _number(value: bytes | None, otherwise: int = 0) -> int:
    return otherwise if value is None else int.from_bytes(value, "big")
