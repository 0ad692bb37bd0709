"""Firewall <-> the table `topo` of a family in a namespace, replaced in one transaction and read back in the words of its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from errno import EAFNOSUPPORT, EEXIST, EINVAL, ENOENT, EOPNOTSUPP, EPROTONOSUPPORT

from topo.errors import KernelError
from topo.kernel.linux.codec import Codec
from topo.kernel.linux.nftables import reading, writing
from topo.kernel.linux.nftables.socket import NftSocket
from topo.kernel.linux.nftables.writing import Request, Table
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.linux.sockets import Refusal
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects.firewall import Firewall
from topo.objects.mark import TABLE

_MISSING = frozenset({ENOENT, EOPNOTSUPP, EAFNOSUPPORT, EPROTONOSUPPORT})
"""How a kernel says that it has no nf_tables, or an expression not (nft_expr_type_get)."""

_OPTIONS = {
    "the table bridge": "CONFIG_NF_TABLES_BRIDGE",
    "`fib": "CONFIG_NFT_FIB_INET (module nft_fib_inet)",
    "`ct": "CONFIG_NFT_CT (module nft_ct)",
}


def _perform(operation: Operation, place: Place) -> None:
    thing, firewall = operation.thing, operation.after
    assert isinstance(thing, Firewall)
    table = Table(thing.family, TABLE)
    if not isinstance(firewall, Firewall):
        _commit(place, writing.delete(table))
        return
    try:
        if operation.before is None:
            # Where there is no table, this takes 0.1 ms. The socket of a transaction that deletes something takes 15 ms to
            # close: the kernel waits until no packet is on its way through the old rules (nft_rcv_nl_event).
            _commit(place, writing.create(table, firewall.chains))
            return
    except KernelError as error:
        if error.errno != EEXIST:
            raise
    _commit(place, writing.replace(table, firewall.chains))


def _observe(view: View, places: Places) -> Iterator[Firewall]:
    if view.fabric not in view.links:
        return
    try:
        with places(view.fabric).entered():
            socket = NftSocket()
    except OSError as error:
        if error.errno in _MISSING:
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


def _commit(place: Place, requests: Sequence[Request]) -> None:
    with place.entered():
        try:
            socket = NftSocket()
        except OSError as error:
            raise _error("the table", Refusal(error.errno or 0)) from error
    try:
        refusals = socket.commit([request.message for request in requests])
    finally:
        socket.close()
    if refusals:
        raise _first(requests, refusals)


def _first(requests: Sequence[Request], refusals: Mapping[int, Refusal]) -> KernelError:
    """The refusal of the first request is the reason; that of the whole transaction (-1) speaks only when none has one."""
    position = min(refusals, key=lambda position: (position < 0, position))
    return _error(requests[position].about if position >= 0 else "the transaction", refusals[position])


def _error(about: str, refusal: Refusal) -> KernelError:
    words = f"nftables refuses {about}: {refusal}"
    if refusal.errno in _MISSING:
        words += f"; the isolation of networks needs a kernel with {_option(about)}"
    return KernelError(words, errno=refusal.errno)


def _option(about: str) -> str:
    return next((option for words, option in _OPTIONS.items() if words in about), "CONFIG_NF_TABLES_INET (module nf_tables)")


CODEC = Codec(perform=_perform, observe=_observe)
