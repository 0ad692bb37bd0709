"""Texts of IPv4 and IPv6 addresses <-> (family, bytes); and how messages about addresses and routes begin."""

from __future__ import annotations

from ipaddress import IPv6Address
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from struct import Struct

IFADDRMSG = Struct("=BBBBI")
"""family, prefix length, the low byte of the flags, scope, index of the interface."""

RTMSG = Struct("=BBBBBBBBI")
"""family, length of destination, of source, tos, table, protocol, scope, type, flags."""

LENGTHS = {int(AF_INET): 32, int(AF_INET6): 128}
"""family -> bits of an address."""


def packed(text: str) -> tuple[int, bytes]:
    """The family and the bytes of an address without prefix length."""
    family = AF_INET6 if ":" in text else AF_INET
    return int(family), inet_pton(family, text)


def text(family: int, value: bytes) -> str:
    """The canonical text of an address, as `ipaddress` writes it."""
    said = inet_ntop(family, value)
    if "." in said and ":" in said:  # inet_ntop(3) writes the last four bytes of some as IPv4
        return str(IPv6Address(value))
    return said
