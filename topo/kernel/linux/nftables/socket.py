"""Messages of one nftables transaction -> what the kernel refused; a dump request -> its replies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from enum import IntEnum
from errno import EAGAIN
from struct import pack

from topo.kernel.linux import attributes
from topo.kernel.linux.messages import HEADER, NLM_F_REQUEST
from topo.kernel.linux.place import Place
from topo.kernel.linux.sockets import Refusal, RouteSocket

EVERY_FAMILY = 0
"""NFPROTO_UNSPEC: of a dump, what there is of any."""
BODY = 4
"""Where the attributes of a message's body begin: after family, version and res_id."""

_NETLINK_NETFILTER = 12
_SUBSYSTEM = 10
_BATCH_BEGIN, _BATCH_END = 16, 17
_BATCH_GENID = 1
_DUMPS = 20


class Nft(IntEnum):
    """Message types, by the names that the kernel gives them."""

    NEWTABLE = 0
    GETTABLE = 1
    DELTABLE = 2
    NEWCHAIN = 3
    GETCHAIN = 4
    NEWRULE = 6
    GETRULE = 7
    DELRULE = 8
    NEWSET = 9
    GETSET = 10
    NEWSETELEM = 12
    GETSETELEM = 13
    GETGEN = 16


def message(kind: Nft, flags: int, family: int, *parts: bytes) -> bytes:
    """A request about what belongs to tables of a family."""
    return _pack(_SUBSYSTEM << 8 | kind, flags, family, 0, b"".join(parts))


class NftSocket(RouteSocket):
    """It belongs for ever to the network namespace in which it was made. Raises OSError without NETLINK_NETFILTER."""

    protocol = _NETLINK_NETFILTER

    def generation(self) -> bytes:
        """The number of the state that the rules of the namespace are in (NFTA_GEN_ID)."""
        return attributes.read(self.ask(message(Nft.GETGEN, 0, EVERY_FAMILY)), BODY)[1]

    def commit(self, requests: Sequence[bytes], generation: bytes | None = None) -> Mapping[int, Refusal]:
        """Executes all requests or none -> position -> why it was refused. Position -1 is the transaction as such.

        generation: nothing is done (ERESTART) unless the rules are still in this one: a handle is another rule's, when somebody
        has made the table anew.
        """
        since = attributes.raw(_BATCH_GENID, generation) if generation else b""
        begin = _pack(_BATCH_BEGIN, 0, 0, _SUBSYSTEM, since)
        end = _pack(_BATCH_END, 0, 0, _SUBSYSTEM, b"")
        first, _ = self._send([begin, *requests, end], flags=0)
        # The kernel answers in a transaction to what it refuses, and before 6.10 to the last message never. The ack of
        # another request says that there is nothing more to come.
        _, last = self._send([message(Nft.GETGEN, 0, EVERY_FAMILY)])
        return {sequence - first - 1: refusal for sequence, refusal in self._refusals(first, last).items()}

    def replies(self, kind: Nft, family: int, *parts: bytes) -> list[bytes]:
        """The bodies of all replies to a dump request, with family, version and generation before the attributes."""
        for _ in range(_DUMPS):
            found, interrupted = self._dump(_SUBSYSTEM << 8 | kind, _body(family, 0, b"".join(parts)))
            if not interrupted:
                return found
        raise OSError(EAGAIN, "the firewall changes faster than it can be read")


def _pack(kind: int, flags: int, family: int, resource: int, parts: bytes) -> bytes:
    body = _body(family, resource, parts)
    return HEADER.pack(HEADER.size + len(body), kind, flags | NLM_F_REQUEST, 0, 0) + body


def _body(family: int, resource: int, parts: bytes) -> bytes:
    return pack("!BBH", family, 0, resource) + parts


@contextmanager
def opened(place: Place) -> Iterator[NftSocket | None]:
    """A socket of this namespace, closed at the end; None where there is no nftables."""
    try:
        with place.entered():
            socket = NftSocket()
    except OSError:
        yield None
        return
    with closing(socket):
        yield socket
