"""rtnetlink messages -> what the kernel refused; a dump request -> its replies: one socket, many messages in one send."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from errno import EAGAIN, EBUSY
from struct import Struct

import msgspec

from topo.kernel.linux import attributes
from topo.kernel.linux.messages import HEADER, NLM_F_ACK, NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST

_NLMSG_ERROR = 2
_NLMSG_DONE = 3
_LAST = (_NLMSG_DONE, _NLMSG_ERROR)
_SOL_NETLINK = 270
_NETLINK_CAP_ACK = 10
_NETLINK_EXT_ACK = 11
_NLM_F_CAPPED = 0x100
_NLM_F_ACK_TLVS = 0x200
_NLMSGERR_ATTR_MSG = 1
_NLMSGERR_ATTR_OFFS = 2

_INT = Struct("=i")
_FLAGS = Struct("=H")
_NUMBER = Struct("=I")

# A send must fit the socket's send buffer, and the answers to it the receive buffer, else the last answer is lost and the
# wait for it never ends (netlink_attachskb). Both hold by default, 208 KiB each and under 1 KiB for an answer, so that
# no privileged SO_SNDBUFFORCE is needed. Larger sends are not faster.
_SEND_BYTES = 96 * 1024
_SEND_MESSAGES = 160

# The kernel makes replies to a dump as large as the buffer that waits for them, up to 32 KiB (netlink_recvmsg): for two
# interfaces that is too much, and no dump is faster with more. Its own skb_shared_info must fit in, too.
_RECEIVE_BYTES = 16 * 1024 - 384

_QUESTIONS = 100
"""In one send: their answers, of some hundred bytes, fit the receive buffer."""
_DUMPS = 50


class Refusal(msgspec.Struct, frozen=True):
    """Why the kernel refused a message: the errno, its extended-ack text ("" without one), the byte that it is about."""

    errno: int
    text: str = ""
    offset: int | None = None

    def __str__(self) -> str:
        where = f" (at byte {self.offset} of the message)" if self.offset is not None else ""
        return ": ".join(part for part in (os.strerror(self.errno), self.text) if part) + where


class RouteSocket:
    """An rtnetlink socket. It belongs for ever to the network namespace in which it was made."""

    protocol = socket.NETLINK_ROUTE

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, self.protocol)
        self._sequence = 0
        for option in (_NETLINK_CAP_ACK, _NETLINK_EXT_ACK):
            self._socket.setsockopt(_SOL_NETLINK, option, 1)

    def close(self) -> None:
        """Closes it. The namespace is held a moment longer, until the kernel's next RCU grace period."""
        self._socket.close()

    def send(self, requests: Sequence[bytes]) -> Mapping[int, Refusal]:
        """Sends requests in this order, in as few sends as can be -> position -> why it was refused, of those that were.

        The kernel does not stop at an error.
        """
        refusals: dict[int, Refusal] = {}
        start = 0
        while start < len(requests):
            some = _fitting(requests[start : start + _SEND_MESSAGES])
            first, last = self._send(some)
            for number, refusal in self._refusals(first, last).items():
                refusals[start + number - first] = refusal
            start += len(some)
        return refusals

    def ask(self, request: bytes) -> bytes:
        """The body of the one reply to a request. Raises OSError with the kernel's errno."""
        (reply,) = self.ask_all([request])
        if isinstance(reply, OSError):
            raise reply
        return reply

    def ask_all(self, requests: Sequence[bytes]) -> list[bytes | OSError]:
        """The body of the one reply to each of these requests, or what the kernel has against it."""
        replies: list[bytes | OSError] = []
        for start in range(0, len(requests), _QUESTIONS):
            replies += self._ask(requests[start : start + _QUESTIONS])
        return replies

    def _ask(self, requests: Sequence[bytes]) -> list[bytes | OSError]:
        first, last = self._send(requests, flags=0)
        replies: list[bytes | OSError] = []
        receive, head = self._socket.recv, HEADER.unpack_from
        while first <= last:
            data = receive(_RECEIVE_BYTES)
            length, kind, flags, sequence, _ = head(data)
            if sequence == first:  # the kernel answers one after the other
                replies.append(data[16:length] if kind != _NLMSG_ERROR else _error(_refusal(data, 16, length, flags)))
                first += 1
        return replies

    def dump(self, kind: int, body: bytes) -> list[bytes]:
        """The bodies of all replies to a dump request. A dump that a change interrupted is asked for again."""
        for _ in range(_DUMPS):
            replies, interrupted = self._dump(kind, body)
            if not interrupted:
                return replies
        raise OSError(EAGAIN, "the kernel's tables change faster than they can be read")

    def _send(self, requests: Sequence[bytes], flags: int = NLM_F_ACK) -> tuple[int, int]:
        """(sequence number of the first, of the last). Errors come back in any case; one ack, for the last, ends the wait."""
        buffer = bytearray(b"".join(requests))
        first, at, write = self._sequence + 1, 0, _NUMBER.pack_into
        for number, request in enumerate(requests, first):
            write(buffer, at + 8, number)
            at += len(request)
        if flags:
            last = at - len(requests[-1])
            _FLAGS.pack_into(buffer, last + 6, HEADER.unpack_from(buffer, last)[2] | flags)
        self._sequence += len(requests)
        self._socket.send(buffer)
        return first, self._sequence

    def _refusals(self, first: int, last: int) -> dict[int, Refusal]:
        found: dict[int, Refusal] = {}
        while True:
            data = self._socket.recv(_RECEIVE_BYTES)
            length, kind, flags, sequence, _ = HEADER.unpack_from(data)
            if kind != _NLMSG_ERROR or sequence < first:
                continue
            if _INT.unpack_from(data, 16)[0]:
                found[sequence] = _refusal(data, 16, length, flags)
            if sequence == last:
                return found

    def _dump(self, kind: int, body: bytes) -> tuple[list[bytes], bool]:
        last = self._sequence = self._sequence + 1
        self._socket.send(HEADER.pack(16 + len(body), kind, NLM_F_REQUEST | NLM_F_DUMP, last, 0) + body)
        replies: list[bytes] = []
        receive, head, all_flags = self._socket.recv, HEADER.unpack_from, 0
        while True:
            data = receive(_RECEIVE_BYTES)
            at, end = 0, len(data)
            while at < end:
                length, kind, flags, sequence, _ = head(data, at)
                if sequence == last:
                    all_flags |= flags
                    if kind in _LAST:
                        return replies, _ended(data, at + 16, length) or bool(all_flags & NLM_F_DUMP_INTR)
                    replies.append(data[at + 16 : at + length])
                at += (length + 3) & ~3


def _fitting(requests: Sequence[bytes]) -> Sequence[bytes]:
    """The first of them, as many as one send takes: mostly all."""
    size = sum(map(len, requests))
    while size > _SEND_BYTES and len(requests) > 1:
        size -= len(requests[-1])
        requests = requests[:-1]
    return requests


def _ended(data: bytes, at: int, length: int) -> bool:
    """Whether a dump that has come to its end must be asked for again. Raises OSError when it could not be made."""
    error = -_INT.unpack_from(data, at)[0] if length >= 20 else 0
    if error and error != EBUSY:
        raise OSError(error, os.strerror(error))
    return error == EBUSY


def _error(refusal: Refusal) -> OSError:
    return OSError(refusal.errno, str(refusal))


def _refusal(data: bytes, at: int, length: int, flags: int) -> Refusal:
    error = -_INT.unpack_from(data, at)[0]
    if not flags & _NLM_F_ACK_TLVS:
        return Refusal(error)
    request = 16 if flags & _NLM_F_CAPPED else HEADER.unpack_from(data, at + 4)[0]
    said = attributes.read(data[:length], at + 4 + ((request + 3) & ~3))
    offset = said.get(_NLMSGERR_ATTR_OFFS)
    text = attributes.string(said.get(_NLMSGERR_ATTR_MSG, b""))
    return Refusal(error, text, attributes.number(offset) if offset else None)
