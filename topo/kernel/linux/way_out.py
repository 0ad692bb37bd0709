"""An uplink that is to be -> sentences on what of the host stands in its way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from topo.kernel.linux.nftables import closed
from topo.kernel.linux.nftables.socket import NftSocket
from topo.objects import Object
from topo.objects.host import IPV6
from topo.objects.uplink import Uplink


def advice(things: Sequence[Object]) -> Iterator[str]:
    """See Codec."""
    for thing in things:
        assert isinstance(thing, Uplink)
        yield from _about(thing)


def _about(uplink: Uplink) -> Iterator[str]:
    name = uplink.end.name
    for chain in _closed():
        yield (
            f"the host's chain {chain} drops what is forwarded, and so the way out of the lab, unless a rule there lets it"
            f" through: nft insert rule {chain} iifname {name} accept; nft insert rule {chain} oifname {name} accept"
        )
    if any(":" in address for address in uplink.addresses) and not any(one.startswith(IPV6) for one in uplink.outer):
        yield (
            "IPv6 does not get out of the lab: no interface of the host leads anywhere by IPv6, or this kernel forwards it on all"
            " interfaces or on none (before 6.17), and topo never sets that: sysctl -w net.ipv6.conf.all.forwarding=1"
        )


def _closed() -> list[str]:
    try:
        with closing(NftSocket()) as socket:
            return closed.chains(socket)
    except OSError:
        return []
