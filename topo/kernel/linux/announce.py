"""An interface has a new address -> its neighbours are told: gratuitous ARP, or an unsolicited neighbour advertisement."""

from __future__ import annotations

import socket
from contextlib import suppress
from struct import Struct

from topo.kernel.linux import attributes, inet
from topo.kernel.linux.messages import Rtm
from topo.kernel.linux.place import Place

_ETH_P_ARP = 0x0806
_ETH_P_IPV6 = 0x86DD
_ETHERNET = Struct("!6s6sH")
_ARP = Struct("!HHBBH6s4s6s4s")
_IPV6 = Struct("!IHBB16s16s")
_ADVERTISEMENT = Struct("!BBHI16sBB6s")
_OVERRIDE = 0x20000000
_ICMPV6 = 58
_MAC_BYTES = 6
_IFADDRMSG = Struct("=BBBBI")
_IFA_ADDRESS = 1
_ALL_NODES = bytes.fromhex("ff020000000000000000000000000001")


def announce(place: Place, interface: str, ip: str) -> None:
    """Sends one frame. Silent where nothing can be said: an interface without a MAC, or that went down meanwhile."""
    family, address = inet.packed(ip)
    protocol = _ETH_P_ARP if family == socket.AF_INET else _ETH_P_IPV6
    with suppress(OSError), place.entered(), socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0) as raw:
        raw.bind((interface, protocol))
        mac = raw.getsockname()[4]
        if len(mac) == _MAC_BYTES and any(mac):
            raw.send(arp(mac, address) if family == socket.AF_INET else advertisement(mac, address))


def announce_ipv6(place: Place, interface: str) -> None:
    """The interface has a new MAC: the same for each of its IPv6 addresses. arp_notify does so for IPv4; ndisc_notify would, but
    it is a file below /proc/sys that would be written in every namespace, and takes longer with each that has it."""
    index = place.index(interface)
    for reply in place.socket.dump(Rtm.RTM_GETADDR, bytes((socket.AF_INET6, *bytes(7)))):
        if _IFADDRMSG.unpack_from(reply)[4] == index:
            announce(place, interface, inet.text(socket.AF_INET6, attributes.read(reply, _IFADDRMSG.size)[_IFA_ADDRESS]))


def arp(mac: bytes, address: bytes) -> bytes:
    """The frame that arp_notify sends: a request for the own address (arp_send in inetdev_send_gratuitous_arp)."""
    everybody = b"\xff" * _MAC_BYTES
    return _ETHERNET.pack(everybody, mac, _ETH_P_ARP) + _ARP.pack(1, 0x0800, 6, 4, 1, mac, address, bytes(6), address)


def advertisement(mac: bytes, address: bytes) -> bytes:
    """An unsolicited neighbour advertisement to all nodes, which overrides what they know (RFC 4861, 7.2.6)."""
    body = _ADVERTISEMENT.pack(136, 0, 0, _OVERRIDE, address, 2, 1, mac)
    pseudo = address + _ALL_NODES + len(body).to_bytes(4, "big") + bytes(3) + bytes((_ICMPV6,))
    body = body[:2] + _checksum(pseudo + body).to_bytes(2, "big") + body[4:]
    packet = _IPV6.pack(0x60000000, len(body), _ICMPV6, 255, address, _ALL_NODES) + body
    return _ETHERNET.pack(bytes.fromhex("333300000001"), mac, _ETH_P_IPV6) + packet


def _checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    total = sum(int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
