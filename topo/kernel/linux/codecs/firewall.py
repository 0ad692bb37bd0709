"""Firewall <-> the table `topo` of a family in a namespace, replaced in one transaction, read back in the words of its rules."""

from __future__ import annotations

from collections.abc import Iterator
from errno import EEXIST, EINVAL, EOPNOTSUPP

from topo.errors import KernelError
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.nftables import reading, writing
from topo.kernel.linux.nftables.socket import NftSocket
from topo.kernel.linux.nftables.transaction import MISSING, commit
from topo.kernel.linux.nftables.writing import Table
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects.firewall import Firewall
from topo.objects.mark import TABLE


def _perform(operation: Operation, place: Place) -> None:
    thing, firewall = operation.thing, operation.after
    assert isinstance(thing, Firewall)
    table = Table(thing.family, TABLE)
    if not isinstance(firewall, Firewall):
        commit(place, writing.delete(table))
        return
    try:
        if operation.before is None:
            # Where there is no table, this takes 0.1 ms. The socket of a transaction that deletes something takes 15 ms to
            # close: the kernel waits until no packet is on its way through the old rules (nft_rcv_nl_event).
            commit(place, writing.create(table, firewall.chains))
            return
    except KernelError as error:
        if error.errno != EEXIST:
            raise
    commit(place, writing.replace(table, firewall.chains))


def _observe(view: View, places: Places) -> Iterator[Firewall]:
    if view.fabric not in view.links:
        return
    try:
        with places(view.fabric).entered():
            socket = NftSocket()
    except OSError as error:
        if error.errno in MISSING:
            return
        raise
    try:
        tables = reading.read(socket, TABLE)
    except OSError as error:
        if error.errno not in (EINVAL, EOPNOTSUPP):  # nfnetlink_rcv_msg: no nf_tables in this kernel, and so no table
            raise
        tables = {}
    finally:
        socket.close()
    for family, chains in tables.items():
        yield Firewall(namespace=view.fabric, owner="lab", family=family, chains=chains)


CODEC = Codec(perform=_perform, observe=_observe)
