"""Values <-> netlink attributes: type, length, value, padded to 4 bytes (netlink(7))."""

from __future__ import annotations

from struct import Struct
from sys import byteorder

_HEAD = Struct("=HH")
_U32 = Struct("=HHI")
_PADDING = (b"", b"\0\0\0", b"\0\0", b"\0")
_TYPE = 0x3FFF  # without NLA_F_NESTED and NLA_F_NET_BYTEORDER


def raw(kind: int, value: bytes) -> bytes:
    """An attribute of these bytes."""
    length = 4 + len(value)
    return _HEAD.pack(length, kind) + value + _PADDING[length & 3]


def nested(kind: int, *attributes: bytes) -> bytes:
    """An attribute that holds attributes."""
    return raw(kind, b"".join(attributes))


def text(kind: int, value: str) -> bytes:
    """A string with the zero byte at its end."""
    return raw(kind, value.encode() + b"\0")


def u8(kind: int, value: int) -> bytes:
    """One byte."""
    return raw(kind, bytes((value,)))


def u32(kind: int, value: int) -> bytes:
    """A number of 32 bits, in the byte order of the machine."""
    return _U32.pack(8, kind, value)


def mac(kind: int, value: str) -> bytes:
    """A link-layer address, written `02:42:ac:11:00:02`."""
    return raw(kind, bytes.fromhex(value.replace(":", "")))


def read(data: bytes, at: int = 0) -> dict[int, bytes]:
    """type -> value of the attributes that stand in `data` from byte `at` on. Of two of one type the last one."""
    found: dict[int, bytes] = {}
    end = len(data) - 3
    while at < end:
        length, kind = _HEAD.unpack_from(data, at)
        if length < 4:
            break
        found[kind & _TYPE] = data[at + 4 : at + length]
        at += (length + 3) & ~3
    return found


def each(data: bytes) -> list[tuple[int, bytes]]:
    """(type, value) of every attribute in `data`, for lists in which one type comes more than once."""
    found: list[tuple[int, bytes]] = []
    at, end = 0, len(data) - 3
    while at < end:
        length, kind = _HEAD.unpack_from(data, at)
        if length < 4:
            break
        found.append((kind & _TYPE, data[at + 4 : at + length]))
        at += (length + 3) & ~3
    return found


def number(value: bytes) -> int:
    """The unsigned number, of any width, that the bytes of an attribute are."""
    return int.from_bytes(value, byteorder)


def signed(value: bytes) -> int:
    """The same, of a number that may be below zero."""
    return int.from_bytes(value, byteorder, signed=True)


def string(value: bytes) -> str:
    """The text of an attribute, without the zero byte at its end."""
    return value.rstrip(b"\0").decode(errors="replace")


def mac_text(value: bytes) -> str:
    """A link-layer address as it is written."""
    return value.hex(":")
