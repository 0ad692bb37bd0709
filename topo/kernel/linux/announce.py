"""An interface has a new address -> its neighbours are told: gratuitous ARP, or an unsolicited neighbour advertisement."""

from __future__ import annotations

import fcntl
import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network
from struct import Struct

from topo.kernel.linux import attributes, inet, links
from topo.kernel.linux.messages import NEW, Rtm, message
from topo.kernel.linux.neighbours import NDA_DST, NDMSG
from topo.kernel.linux.place import Place

ADDRESSES = inet.IFADDRMSG.pack(socket.AF_INET, 0, 0, 0, 0)
"""Asks for those of IPv4."""
_SECONDARY = 0x01
_LOCAL = 2
_NUD_NONE = 0
_NTF_USE = 0x01
_ETH_P_ARP = 0x0806
_ETHERNET = Struct("!6s6sH")
_ARP = Struct("!HHBBH6s4s6s4s")
_ADVERTISEMENT = Struct("!BBHI16sBB6s")
_OVERRIDE = 0x20000000
_EVERYBODY = b"\xff" * 6
_ALL_NODES = "ff02::1"
_HOPS = 255
_SIOCGIFHWADDR = 0x8927
_IFREQ = Struct("=16sH6s16x")
_ARPHRD_ETHER = 1


def announce(place: Place, interface: str, ip: str) -> None:
    """Sends one packet. Silent where nothing can be said: an interface without a MAC, or that went down meanwhile."""
    if inet.packed(ip)[0] == socket.AF_INET6:
        _advertise(place, interface, ip)
    else:
        _send_arp(place, interface, ip)


def _send_arp(place: Place, interface: str, ip: str) -> None:
    index = place.index(interface)
    if index != links.LOOPBACK and not (_speaks_for(place, index, ip) and _asks(place, index, ip)):
        _send_frame(place, interface, ip)


def _speaks_for(place: Place, index: int, ip: str) -> bool:
    """Whether an interface that looks for this address of its own says that it has it: it speaks by the first of its addresses
    in whose network the other one is, secondary ones aside (inet_select_addr)."""
    wanted = IPv4Address(ip)
    for reply in place.socket.dump(Rtm.RTM_GETADDR, ADDRESSES):
        _, length, flags, _, where = inet.IFADDRMSG.unpack_from(reply)
        if where == index and not flags & _SECONDARY:
            local = inet.text(socket.AF_INET, attributes.read(reply, inet.IFADDRMSG.size)[_LOCAL])
            if wanted in IPv4Network(f"{local}/{length}", strict=False):
                return local == ip
    return False


def _asks(place: Place, index: int, ip: str) -> bool:
    """Has the kernel look for the address: the question is a gratuitous ARP. Whether it did: not where it knows an answer.

    It costs nothing, while a packet socket takes an RCU grace period to close (packet_release): ten milliseconds, one after the
    other when an edit moves a hundred addresses.
    """
    return all(not place.socket.send([request]) for request in search(index, ip))


def search(index: int, ip: str) -> tuple[bytes, bytes]:
    """The messages that begin to look for an address, and end it."""
    entry = attributes.raw(NDA_DST, inet.packed(ip)[1])
    return (
        message(Rtm.RTM_NEWNEIGH, NEW, NDMSG.pack(socket.AF_INET, index, _NUD_NONE, _NTF_USE, 0) + entry),
        message(Rtm.RTM_DELNEIGH, 0, NDMSG.pack(socket.AF_INET, index, 0, 0, 0) + entry),
    )


def _send_frame(place: Place, interface: str, ip: str) -> None:
    with suppress(OSError), place.entered():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as plain:
            mac = _mac(plain, interface)
        # Only where there is something to say, because of what it costs: see _asks.
        if mac:
            with socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0) as raw:
                raw.sendto(arp(mac, inet.packed(ip)[1]), (interface, _ETH_P_ARP))


def _advertise(place: Place, interface: str, ip: str) -> None:
    with (
        suppress(OSError),
        place.entered(),
        socket.socket(socket.AF_INET6, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.IPPROTO_ICMPV6) as raw,
    ):
        index, mac = socket.if_nametoindex(interface), _mac(raw, interface)
        raw.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, _HOPS)
        raw.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
        raw.bind((ip, 0, 0, index))
        if mac:
            raw.sendto(advertisement(mac, inet.packed(ip)[1]), (_ALL_NODES, 0, 0, index))


def _mac(any_socket: socket.socket, interface: str) -> bytes:
    """Empty where it has none, as lo."""
    said = fcntl.ioctl(any_socket, _SIOCGIFHWADDR, _IFREQ.pack(interface.encode(), 0, bytes(6)))
    _, kind, mac = _IFREQ.unpack(said)
    return mac if kind == _ARPHRD_ETHER else b""


def arp(mac: bytes, address: bytes) -> bytes:
    """The frame that arp_notify sends: a request for the own address (arp_send in inetdev_send_gratuitous_arp)."""
    return _ETHERNET.pack(_EVERYBODY, mac, _ETH_P_ARP) + _ARP.pack(1, 0x0800, 6, 4, 1, mac, address, bytes(6), address)


def advertisement(mac: bytes, address: bytes) -> bytes:
    """An unsolicited neighbour advertisement, which overrides what the others know (RFC 4861, 7.2.6); without its checksum."""
    return _ADVERTISEMENT.pack(136, 0, 0, _OVERRIDE, address, 2, 1, mac)
