"""Type, flags, body -> an rtnetlink message (rtnetlink(7)); its sequence number is filled in when it is sent."""

from __future__ import annotations

from enum import IntEnum
from struct import Struct

HEADER = Struct("=IHHII")
"""length, type, flags, sequence number, port."""

NLM_F_REQUEST = 0x1
NLM_F_ACK = 0x4
NLM_F_DUMP_INTR = 0x10
NLM_F_DUMP = 0x300
NLM_F_REPLACE = 0x100
NLM_F_EXCL = 0x200
NLM_F_CREATE = 0x400
NLM_F_APPEND = 0x800

NEW = NLM_F_CREATE | NLM_F_EXCL
PUT = NLM_F_CREATE | NLM_F_REPLACE
APPEND = NLM_F_CREATE | NLM_F_APPEND

SETTLE = b""
"""Among the messages of an operation: what stands before is sent, and what was left for then done (see Place.later), before
what follows."""


class Rtm(IntEnum):
    """The message types of rtnetlink(7), and those that topo asks for besides: by these names they are told to people.
    A message may be of any other type, too."""

    RTM_NEWLINK = 16
    RTM_DELLINK = 17
    RTM_GETLINK = 18
    RTM_SETLINK = 19
    RTM_NEWADDR = 20
    RTM_DELADDR = 21
    RTM_GETADDR = 22
    RTM_NEWROUTE = 24
    RTM_DELROUTE = 25
    RTM_GETROUTE = 26
    RTM_NEWNEIGH = 28
    RTM_DELNEIGH = 29
    RTM_GETNEIGH = 30
    RTM_NEWRULE = 32
    RTM_DELRULE = 33
    RTM_GETRULE = 34
    RTM_NEWQDISC = 36
    RTM_DELQDISC = 37
    RTM_GETQDISC = 38
    RTM_NEWTCLASS = 40
    RTM_DELTCLASS = 41
    RTM_GETTCLASS = 42
    RTM_NEWTFILTER = 44
    RTM_DELTFILTER = 45
    RTM_GETTFILTER = 46
    RTM_GETNETCONF = 82
    RTM_GETNSID = 90


_NAMES = {kind.value: kind.name for kind in Rtm}


def message(kind: int, flags: int, body: bytes) -> bytes:
    """A request. `body` is the fixed part of its type and the attributes."""
    return HEADER.pack(16 + len(body), kind, flags | NLM_F_REQUEST, 0, 0) + body


def type_of(request: bytes) -> str:
    """The name of a message's type, for people: `RTM_NEWADDR`; `RTM 104` for one that is not in the table."""
    kind = HEADER.unpack_from(request)[1]
    return _NAMES.get(kind, f"RTM {kind}")
