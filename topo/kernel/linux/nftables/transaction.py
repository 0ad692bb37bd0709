"""Requests -> one transaction in a namespace, or an error that names the rule, and what the kernel lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from errno import EAFNOSUPPORT, ENOENT, EOPNOTSUPP, EPROTONOSUPPORT

from topo.errors import KernelError
from topo.kernel.linux.nftables.socket import NftSocket
from topo.kernel.linux.nftables.writing import Request
from topo.kernel.linux.place import Place
from topo.kernel.linux.sockets import Refusal

MISSING = frozenset({ENOENT, EOPNOTSUPP, EAFNOSUPPORT, EPROTONOSUPPORT})
"""How a kernel says that it has no nf_tables, or an expression not (nft_expr_type_get)."""

_OPTIONS = {
    "the table bridge": "CONFIG_NF_TABLES_BRIDGE",
    "`fib": "CONFIG_NFT_FIB_INET (module nft_fib_inet)",
    "`ct": "CONFIG_NFT_CT (module nft_ct)",
    "masquerade`": "CONFIG_NFT_MASQ (module nft_masq)",
    "the chain nat": "CONFIG_NFT_NAT (module nft_chain_nat)",
}


def commit(place: Place, requests: Sequence[Request]) -> None:
    """All of them or none. Raises KernelError with what the kernel has against which."""
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
    if refusal.errno in MISSING:
        words += f"; the isolation of networks needs a kernel with {_option(about)}"
    return KernelError(words, errno=refusal.errno)


def _option(about: str) -> str:
    return next((option for words, option in _OPTIONS.items() if words in about), "CONFIG_NF_TABLES_INET (module nf_tables)")
