"""Reports of multicast groups: who else is on a bridge hears those that a router could forward, and no others."""

from __future__ import annotations

import socket
from struct import pack

import pytest

from tests.live.driving import Topo
from topo.kernel.linux import namespaces
from topo.kernel.linux.place import Place

pytestmark = pytest.mark.live

LAB = {"networks": {"n": {"subnet": "fd00::/64"}}, "containers": {"a": {"networks": ["n"]}, "b": {"networks": ["n"]}}}
LINK, OTHER_LINK, SITE, OTHER_SITE = "ff02::77", "ff02::78", "ff05::77", "ff05::78"

_OURS = bytes.fromhex("020000000099")
_IPV6 = 0x86DD


def test_only_what_a_router_could_forward_is_told(topo: Topo) -> None:
    topo.up(LAB)
    with _in("a") as place, place.entered():
        mouth = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    with _in("b") as place, place.entered():
        ears = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_IPV6))
    ended = (LINK,), (OTHER_LINK, LINK)
    told = (LINK, SITE), (SITE, LINK), (SITE,), (LINK, OTHER_LINK, SITE), (OTHER_SITE,)
    with mouth, ears:
        ears.settimeout(5)
        for groups in (*ended, *told):
            mouth.sendto(_report(*groups), ("eth0", 0))
        assert [_heard(ears) for _ in told] == [_report(*groups) for groups in told]
    topo.down()


def _in(container: str) -> Place:
    name = f"topo.t.{container}"
    return Place(name, "t", namespaces.open(name))


def _heard(ears: socket.socket) -> bytes:
    """The next frame of ours."""
    while (frame := ears.recv(2048))[6:12] != _OURS:
        pass
    return frame


def _report(*groups: str) -> bytes:
    """A report of these groups in a frame, as RFC 3810 has it; without its checksum, which no bridge looks at."""
    records = b"".join(pack("!BBH", 4, 0, 0) + socket.inet_pton(socket.AF_INET6, group) for group in groups)
    body = pack("!BBBBHBB", 58, 0, 5, 2, 0, 1, 0) + pack("!BBHHH", 143, 0, 0, 0, len(groups)) + records
    source, target = (socket.inet_pton(socket.AF_INET6, text) for text in ("fe80::99", "ff02::16"))
    head = pack("!IHBB", 6 << 28, len(body), 0, 1) + source + target
    return bytes.fromhex("333300000016") + _OURS + pack("!H", _IPV6) + head + body
