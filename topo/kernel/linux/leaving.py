"""A lab's name -> nothing of it is left in the host's namespace: its way out, its rules, and what the host did for it."""

from __future__ import annotations

from collections.abc import Callable

from topo.kernel.linux import link_messages, outer, outside
from topo.kernel.linux.nftables import writing
from topo.kernel.linux.nftables.socket import Nft, NftSocket
from topo.kernel.linux.nftables.transaction import commit
from topo.kernel.linux.nftables.writing import Table
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.objects.firewall import INET
from topo.objects.host import PREFIX


def remove(lab: str, tell: Callable[[str], None]) -> None:
    """In the order in which nothing opens: down, forwarding, rules, and last the link by which the rest is found. Idempotent."""
    with Places(lab, {}) as places:
        place = places(None)
        seen = outside.read(place)
        ends = seen.ends(lab)
        table = Table(INET, PREFIX + lab)
        if not ends and not _is_there(place, table):
            return
        with outer.alone():
            _remove(place, lab, table, tell)


def _remove(place: Place, lab: str, table: Table, tell: Callable[[str], None]) -> None:
    seen = outside.read(place)
    ends = seen.ends(lab)
    place.socket.send([link_messages.change(end.index, up=False) for end in ends])
    outer.restore(place, lab, seen)
    tell(f"nft delete {table}")
    commit(place, writing.delete(table))
    for end in ends:
        tell(f"ip link delete {end.name}")
    place.socket.send([link_messages.delete(end.index) for end in ends])


def _is_there(place: Place, table: Table) -> bool:
    with place.entered():
        try:
            socket = NftSocket()
        except OSError:  # a kernel without nftables
            return False
    try:
        socket.ask(table.message(Nft.GETTABLE, 0))
    except OSError:
        return False
    finally:
        socket.close()
    return True
