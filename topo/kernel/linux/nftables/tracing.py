"""A packet that is about to come -> what each chain of a namespace does with it, and it is dropped before it leaves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from struct import pack

from msgspec import Struct

from topo.kernel.linux import attributes
from topo.kernel.linux.messages import HEADER, NLM_F_CREATE, NLM_F_EXCL
from topo.kernel.linux.nftables.expressions import TRANSPORT_HEADER, VALUE, Expression, holds, meta, payload, u32, verdict
from topo.kernel.linux.nftables.foreign import FAMILIES
from topo.kernel.linux.nftables.hooks import HOOKS
from topo.kernel.linux.nftables.socket import BODY, Nft, NftSocket
from topo.kernel.linux.nftables.writing import Table

_SOL_NETLINK, _ADD_MEMBERSHIP, _TRACES = 270, 1, 9
_NEWTRACE = 10 << 8 | 17
_TABLE, _CHAIN, _HANDLE, _TYPE, _VERDICT, _ID, _POLICY = 1, 2, 3, 4, 5, 6, 16
_BY_POLICY, _BY_RULE = 1, 3
_OWNER = 2
_DROP, _ACCEPT = 0, 1
_SEQUENCE = 4
"""Where the sequence number stands in the header of TCP, in bytes."""
_NFT_META_IIFNAME, _NFT_META_NFTRACE = 6, 12
_FIRST = -(2**31)
_LAST = 2**31 - 2
"""Before the connection is entered in the table of all (NF_IP_PRI_CONNTRACK_CONFIRM), which is as if it had never been."""
_IN, _OUT = "in", "out"
_LATE = 0.5
"""Seconds in which what has come in time is read by a process that has not had its turn, and is heard among other traces."""


class Step(Struct, frozen=True):
    """family, table, chain: as nft(8) names them. handle: of the rule, 0 for the chain's policy. drops: that was the end of it.
    out: it got through everything, and was dropped by the trace itself."""

    family: str
    table: str
    chain: str
    handle: int
    drops: bool
    out: bool = False

    @property
    def words(self) -> str:
        """`ip filter FORWARD`."""
        return f"{self.family} {self.table} {self.chain}"


class Trace(NftSocket):
    """Makes a table in the namespace of the calling thread that looks for one TCP packet, by the interface that it comes in by
    and its sequence number. The table is this socket's own: it goes with it, whatever becomes of the process."""

    def __init__(self, name: str, interface: str, sequence: bytes) -> None:
        super().__init__()
        self._table = Table("inet", name)
        self._name = name
        self._packet = b""
        try:
            self._socket.setsockopt(_SOL_NETLINK, _ADD_MEMBERSHIP, _TRACES)
            for refusal in self.commit(_requests(self._table, interface, sequence)).values():
                raise OSError(refusal.errno, str(refusal))
        except BaseException:
            self.close()
            raise

    def steps(self, within: float) -> Iterator[Step]:
        """What is done with it, one after the other; ends when nothing more comes within so many seconds."""
        end = time.monotonic() + within
        while time.monotonic() < end + _LATE:
            self._socket.settimeout(max(0.001, end - time.monotonic()))
            try:
                data = self._socket.recv(65536)
            except (TimeoutError, BlockingIOError):
                return
            finally:
                self._socket.settimeout(None)
            yield from self._read(data)

    def _read(self, data: bytes) -> Iterator[Step]:
        length, kind, _, _, _ = HEADER.unpack_from(data)
        if kind != _NEWTRACE:
            return
        said = attributes.read(data[:length], HEADER.size + BODY)
        table, chain = attributes.string(said.get(_TABLE, b"")), attributes.string(said.get(_CHAIN, b""))
        if table == self._name and chain == _IN:
            self._packet = said.get(_ID, b"")
        if said.get(_ID, b"") != self._packet:  # somebody else traces, too
            return
        by, handle = _number(said, _TYPE), _number(said, _HANDLE)
        if by == _BY_RULE:
            code = int.from_bytes(attributes.read(said.get(_VERDICT, b"")).get(1, b"\0\0\0\1"), "big", signed=True)
        elif by == _BY_POLICY:
            code, handle = _number(said, _POLICY, _ACCEPT), 0
        else:
            return
        family = FAMILIES.get(data[HEADER.size], str(data[HEADER.size]))
        out = table == self._name and chain == _OUT and code == _DROP
        yield Step(family, table, chain, handle, code == _DROP, out)

    def close(self) -> None:
        """Takes the table away with it."""
        self._socket.close()


def _requests(table: Table, interface: str, sequence: bytes) -> list[bytes]:
    it = payload(TRANSPORT_HEADER, _SEQUENCE, len(sequence)), holds(sequence)
    comes = meta(_NFT_META_IIFNAME), holds(interface.encode().ljust(16, b"\0"))
    one = attributes.nested(2, attributes.raw(VALUE, b"\1"))
    traced = Expression("immediate", u32(1, 1) + one), Expression("meta", u32(2, _NFT_META_NFTRACE) + u32(3, 1))
    return [
        table.message(Nft.NEWTABLE, NLM_F_CREATE | NLM_F_EXCL, u32(2, _OWNER)),
        _chain(table, _IN, HOOKS["prerouting"], _FIRST),
        _rule(table, _IN, (*comes, *it, *traced)),
        _chain(table, _OUT, HOOKS["postrouting"], _LAST),
        _rule(table, _OUT, (*it, verdict(_DROP))),
    ]


def _chain(table: Table, name: str, hook: int, priority: int) -> bytes:
    where = attributes.nested(4, u32(1, hook), attributes.raw(2, pack("!i", priority)))
    told = attributes.text(3, name), where, u32(5, _ACCEPT), attributes.text(7, "filter")
    return table.message(Nft.NEWCHAIN, NLM_F_CREATE, *told)


def _rule(table: Table, chain: str, expressions: tuple[Expression, ...]) -> bytes:
    parts = [attributes.nested(1, attributes.text(1, one.name), attributes.nested(2, one.data)) for one in expressions]
    return table.message(Nft.NEWRULE, NLM_F_CREATE, attributes.text(2, chain), attributes.nested(4, *parts))


def _number(said: attributes.Attributes, kind: int, otherwise: int = 0) -> int:
    return int.from_bytes(said[kind], "big") if kind in said else otherwise
