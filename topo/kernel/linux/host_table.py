"""The nftables table of a lab in the host's namespace: made, read, deleted; and what its rules remember."""

from __future__ import annotations

import re
from collections.abc import Sequence

from topo.kernel.linux.nftables import reading, writing
from topo.kernel.linux.nftables.socket import Nft, NftSocket
from topo.kernel.linux.nftables.transaction import commit
from topo.kernel.linux.nftables.writing import Table
from topo.kernel.linux.place import Place
from topo.objects.firewall import INET, Chain
from topo.objects.host import PREFIX

_CLOSED = re.compile(r"iifname \{ (.*?) \} oifname \{")
"""Of interfaces that forward only for labs: they do not for one another."""


def replace(place: Place, lab: str, chains: Sequence[Chain]) -> None:
    """The table with these chains and no others. Raises KernelError."""
    commit(place, writing.replace(_table(lab), chains))


def delete(place: Place, lab: str) -> None:
    """Leaves none, whether there was one or not. Raises KernelError."""
    commit(place, writing.delete(_table(lab)))


def read(place: Place, lab: str) -> tuple[Chain, ...]:
    """Its chains; none where there is none, or no nftables."""
    try:
        with place.entered():
            socket = NftSocket()
    except OSError:
        return ()
    try:
        if not _is_there(socket, lab):
            return ()
        return reading.read(socket, PREFIX + lab).get(INET, ())
    finally:
        socket.close()


def exists(place: Place, lab: str) -> bool:
    """Whether there is one, be it without a chain."""
    try:
        with place.entered():
            socket = NftSocket()
    except OSError:
        return False
    try:
        return _is_there(socket, lab)
    finally:
        socket.close()


def switched(chains: Sequence[Chain]) -> tuple[str, ...]:
    """The interfaces that did not forward before a lab needed it."""
    rules = (_CLOSED.match(rule) for chain in chains for rule in chain.rules)
    return tuple(name for found in rules if found for name in re.findall(r'"([^"]+)"', found[1]))


def _table(lab: str) -> Table:
    return Table(INET, PREFIX + lab)


def _is_there(socket: NftSocket, lab: str) -> bool:
    try:
        socket.ask(_table(lab).message(Nft.GETTABLE, 0))
    except OSError:
        return False
    return True
