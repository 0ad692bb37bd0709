"""The nftables table of a lab in the host's namespace: made, read, deleted; and what its rules remember."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from topo.kernel.linux.nftables import reading, writing
from topo.kernel.linux.nftables.socket import Nft, NftSocket, opened
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
    with _where_it_is(place, lab) as socket:
        return reading.read(socket, PREFIX + lab).get(INET, ()) if socket else ()


def exists(place: Place, lab: str) -> bool:
    """Whether there is one, be it without a chain."""
    with _where_it_is(place, lab) as socket:
        return socket is not None


def switched(chains: Sequence[Chain]) -> tuple[str, ...]:
    """The interfaces that did not forward before a lab needed it."""
    rules = (_CLOSED.match(rule) for chain in chains for rule in chain.rules)
    return tuple(name for found in rules if found for name in re.findall(r'"([^"]+)"', found[1]))


def _table(lab: str) -> Table:
    return Table(INET, PREFIX + lab)


@contextmanager
def _where_it_is(place: Place, lab: str) -> Iterator[NftSocket | None]:
    """A socket where there is such a table; None where there is none, or no nftables."""
    with opened(place) as socket:
        yield socket if socket and _is_there(socket, lab) else None


def _is_there(socket: NftSocket, lab: str) -> bool:
    try:
        socket.ask(_table(lab).message(Nft.GETTABLE, 0))
    except OSError:
        return False
    return True
