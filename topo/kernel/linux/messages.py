"""Type, flags, body -> an rtnetlink message (rtnetlink(7)); its sequence number is filled in when it is sent."""

from __future__ import annotations

from enum import IntEnum
from struct import Struct

HEADER = Struct("=IHHII")
"""length, type, flags, sequence number, port."""

NLM_F_REQUEST = 0x1
NLM_F_MULTI = 0x2
NLM_F_ACK = 0x4
NLM_F_DUMP_INTR = 0x10
NLM_F_DUMP = 0x300
NLM_F_REPLACE = 0x100
NLM_F_EXCL = 0x200
NLM_F_CREATE = 0x400

NEW = NLM_F_CREATE | NLM_F_EXCL
PUT = NLM_F_CREATE | NLM_F_REPLACE


class Rtm(IntEnum):
    """Message types, by the names that the kernel's manual gives them."""

    RTM_NEWLINK = 16
    RTM_DELLINK = 17
    RTM_GETLINK = 18
    RTM_NEWADDR = 20
    RTM_DELADDR = 21
    RTM_GETADDR = 22
    RTM_NEWROUTE = 24
    RTM_DELROUTE = 25
    RTM_GETROUTE = 26
    RTM_NEWNEIGH = 28
    RTM_DELNEIGH = 29
    RTM_GETNEIGH = 30
    RTM_NEWNSID = 88
    RTM_GETNSID = 90


def message(kind: Rtm, flags: int, body: bytes) -> bytes:
    """A request. `body` is the fixed part of its type and the attributes."""
    return HEADER.pack(16 + len(body), kind, flags | NLM_F_REQUEST, 0, 0) + body


def type_of(request: bytes) -> str:
    """The name of a message's type, for people: `RTM_NEWADDR`."""
    return Rtm(HEADER.unpack_from(request)[1]).name
