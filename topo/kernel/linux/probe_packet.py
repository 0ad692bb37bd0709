"""Addresses -> an Ethernet frame with a packet that asks for a TCP connection, as a container would send it."""

from __future__ import annotations

from socket import AF_INET
from struct import pack

from topo.kernel.linux import attributes, inet

_TCP = 6
_HOPS = 64
_SYN = 2
_HTTPS = 443
_PORT = 61620
_WINDOW = 64240
_TYPES = {4: 0x0800, 16: 0x86DD}
"""Bytes of an address -> ETH_P_IP, ETH_P_IPV6."""


def frame(macs: tuple[str, str], source: str, destination: str, sequence: bytes) -> bytes:
    """macs: (from, to). sequence: the four bytes by which it is known again."""
    family, one = inet.packed(source)
    other = inet.packed(destination)[1]
    segment = _segment(one, other, sequence)
    if family == AF_INET:
        head = pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(segment), 0, 0x4000, _HOPS, _TCP, 0, one, other)
        head = head[:10] + _checksum(head) + head[12:]
    else:
        head = pack("!IHBB16s16s", 6 << 28, len(segment), _TCP, _HOPS, one, other)
    sender, receiver = map(attributes.mac_bytes, macs)
    return receiver + sender + pack("!H", _TYPES[len(one)]) + head + segment


def _segment(source: bytes, destination: bytes, sequence: bytes) -> bytes:
    """A right checksum: a connection that begins with a wrong one is invalid (nf_conntrack_checksum)."""
    segment = pack("!HH4sIBBHHH", _PORT, _HTTPS, sequence, 0, 5 << 4, _SYN, _WINDOW, 0, 0)
    pseudo = source + destination + pack("!II", len(segment), _TCP)
    return segment[:16] + _checksum(pseudo + segment) + segment[18:]


def _checksum(data: bytes) -> bytes:
    total = sum(int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return pack("!H", ~total & 0xFFFF)
