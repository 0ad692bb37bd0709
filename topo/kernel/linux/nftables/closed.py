"""The host's rules -> the chains of others that drop whatever is forwarded and no rule of theirs lets through."""

from __future__ import annotations

from topo.kernel.linux import attributes
from topo.kernel.linux.nftables.socket import BODY, EVERY_FAMILY, Nft, NftSocket

_FAMILIES = {1: "inet", 2: "ip", 10: "ip6"}
_FORWARD, _DROP = 2, 0


def chains(socket: NftSocket) -> list[str]:
    """`ip filter FORWARD`, for each. An accept elsewhere does not help: every chain of a hook has its say."""
    found = []
    for reply in socket.replies(Nft.GETCHAIN, EVERY_FAMILY):
        said = attributes.read(reply, BODY)
        if reply[0] in _FAMILIES and 4 in said and 5 in said:
            hook = int.from_bytes(attributes.read(said[4])[1], "big")
            if hook == _FORWARD and int.from_bytes(said[5], "big") == _DROP:
                names = (attributes.string(said[1]), attributes.string(said[3]))
                found.append(f"{_FAMILIES[reply[0]]} {' '.join(names)}")
    return found
