"""A rule in the words of nft(8) <-> its expressions: one table for both ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType

from topo.errors import KernelError
from topo.kernel.linux.links import LOOPBACK
from topo.kernel.linux.nftables import named
from topo.kernel.linux.nftables.expressions import (
    COUNTER,
    LINK_HEADER,
    MASQUERADE,
    NETWORK_HEADER,
    Expression,
    conntrack,
    equals,
    fib,
    has_one_of,
    holds,
    is_among,
    meta,
    payload,
    verdict,
)

_NF_DROP, _NF_ACCEPT = 0, 1
_NFT_META_IIF = 4
_NFT_CT_STATE, _NFT_CT_STATUS = 0, 2
_IPS_DST_NAT = 1 << 5
_FIB_OIF, _FIB_TYPE = 1, 3
_FIB_SADDR, _FIB_DADDR, _FIB_IIF, _FIB_PRESENT = 1, 2, 8, 32
_LOCAL, _BROADCAST, _ANYCAST, _MULTICAST = 2, 3, 4, 5
_ESTABLISHED, _RELATED = 2, 4

_TYPE_OF_DESTINATION = fib(_FIB_TYPE, _FIB_DADDR | _FIB_IIF)


def _at(offset: int, value: str) -> tuple[Expression, ...]:
    """`@nh,OFFSET*8,... 0xVALUE`: the bytes that stand there behind the beginning of the IP header."""
    wanted = bytes.fromhex(value)
    return payload(NETWORK_HEADER, offset, len(wanted)), holds(wanted)


PHRASES: Mapping[str, tuple[Expression, ...]] = {
    'iif "lo"': (meta(_NFT_META_IIF), equals(LOOPBACK)),
    "fib saddr . iif oif missing": (fib(_FIB_OIF, _FIB_SADDR | _FIB_IIF | _FIB_PRESENT), equals(0)),
    "fib daddr . iif oif exists": (fib(_FIB_OIF, _FIB_DADDR | _FIB_IIF | _FIB_PRESENT), equals(1)),
    "fib daddr . iif type { broadcast, multicast }": (_TYPE_OF_DESTINATION, is_among(_BROADCAST, _MULTICAST)),
    "fib daddr . iif type { local, broadcast, multicast, anycast }": (
        _TYPE_OF_DESTINATION,
        is_among(_LOCAL, _BROADCAST, _MULTICAST, _ANYCAST),
    ),
    "ct state established,related": (conntrack(_NFT_CT_STATE), *has_one_of(_ESTABLISHED | _RELATED)),
    "ether daddr 33:33:00:00:00:16": (payload(LINK_HEADER, 0, 6), holds(bytes.fromhex("333300000016"))),
    "@nh,432,16 0x1": _at(54, "0001"),
    "@nh,432,16 0x2": _at(54, "0002"),
    "@nh,464,32 0xff02": _at(58, "0000ff02"),
    "@nh,480,16 0xff02": _at(60, "ff02"),
    "@nh,640,16 0xff02": _at(80, "ff02"),
    "fib daddr type local": (fib(_FIB_TYPE, _FIB_DADDR), equals(_LOCAL)),
    "ct status dnat": (conntrack(_NFT_CT_STATUS), *has_one_of(_IPS_DST_NAT)),
    "masquerade": (MASQUERADE,),
    "counter": (COUNTER,),
    "accept": (verdict(_NF_ACCEPT),),
    "drop": (verdict(_NF_DROP),),
}
"""What topo says, and so what it recognises, besides what has a name in it (named.py)."""


def encode(rule: str) -> tuple[Expression, ...]:
    """The expressions of a rule. Raises KernelError when topo does not know a part of it."""
    expressions: list[Expression] = []
    rest = rule
    while rest:
        phrase = next((phrase for phrase in PHRASES if rest == phrase or rest.startswith(f"{phrase} ")), None)
        found = (phrase, PHRASES[phrase]) if phrase else named.encode(rest) or _maps().encode(rest)
        if found is None:
            raise KernelError(f"unknown words in a firewall rule: {rest}")
        phrase, meaning = found
        expressions += meaning
        rest = rest[len(phrase) + 1 :]
    return tuple(expressions)


def decode(expressions: Sequence[Expression]) -> str:
    """The words of a rule. What topo does not know is named, so that the rule is equal to none of topo's."""
    return " ".join(_phrases(list(expressions)))


def _maps() -> ModuleType:
    from topo.kernel.linux.nftables import maps  # which few labs have

    return maps


def _phrases(rest: list[Expression]) -> Iterator[str]:
    while rest:
        for phrase, known in PHRASES.items():
            if rest[: len(known)] == list(known):
                yield phrase
                del rest[: len(known)]
                break
        else:
            if said := named.decode(rest) or _maps().decode(rest):
                yield said[0]
                del rest[: said[1]]
                continue
            yield f"unknown expression {rest.pop(0).name}"
