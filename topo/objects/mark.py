"""The mark that says "topo made this", written in the message that creates an object."""

from __future__ import annotations

from hashlib import blake2b

PROTOCOL = 116
"""IFA_PROTO, rtm_protocol and NDA_PROTOCOL of all that topo makes: 't'. For ever, because labs outlive versions."""

TABLE = "topo"
"""The name of topo's nftables table, in whichever namespace."""

_PREFIX = 0x74000000
_SECOND = 1


def group(purpose: str) -> int:
    """The IFLA_GROUP of a link that serves `purpose`: 0x74, 23 bits of its hash, and a 0 that `second` sets."""
    digest = blake2b(purpose.encode(), digest_size=4).digest()
    return _PREFIX | int.from_bytes(digest, "big") & 0xFFFFFE


def second(mark: int) -> int:
    """The mark of the other end of the same link."""
    return mark | _SECOND


def is_second(mark: int) -> bool:
    """Whether a link's end with this mark is the second one that the document names."""
    return bool(mark & _SECOND)


def common(mark: int) -> int:
    """What the marks of both ends of one link have in common."""
    return mark & ~_SECOND


def is_ours(mark: int) -> bool:
    """Whether an IFLA_GROUP is one of topo's."""
    return mark >> 24 == _PREFIX >> 24


def of_lab(lab: str) -> int:
    """The group of the bridge end of every veth of a lab, and of what a lab has in the host's namespace."""
    return group(f"lab:{lab}")


def of_network(network: str) -> int:
    """The group of a network's own device (its bridge)."""
    return group(f"network:{network}")


def of_attachment(network: str, ordinal: int) -> int:
    """The group of the container's end of its `ordinal`th (from 0) attachment to `network`."""
    return group(f"attachment:{network}#{ordinal}")


def of_link(one: str, other: str, ordinal: int) -> int:
    """The group of the first end of the `ordinal`th link between two containers, whichever of them is named first."""
    return group(f"link:{'--'.join(sorted((one, other)))}#{ordinal}")
