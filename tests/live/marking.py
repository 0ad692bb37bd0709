"""An IPv4 address with a protocol (IFA_PROTO), which old iproute2 cannot say: marking.py DEVICE IP/PREFIX NUMBER."""

from __future__ import annotations

import socket
import struct
import sys

RTM_NEWADDR, REQUEST, ACK, REPLACE, CREATE = 20, 1, 4, 0x100, 0x400
IFA_ADDRESS, IFA_LOCAL, IFA_PROTO = 1, 2, 11


def _attribute(number: int, value: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(value), number) + value + bytes(-len(value) % 4)


def _message(device: str, ip: str, prefix: int, protocol: int) -> bytes:
    packed = socket.inet_aton(ip)
    body = struct.pack("=BBBBI", socket.AF_INET, prefix, 0, 0, socket.if_nametoindex(device))
    body += _attribute(IFA_LOCAL, packed) + _attribute(IFA_ADDRESS, packed) + _attribute(IFA_PROTO, bytes([protocol]))
    return struct.pack("=IHHII", 16 + len(body), RTM_NEWADDR, REQUEST | ACK | REPLACE | CREATE, 1, 0) + body


def _main(device: str, address: str, protocol: str) -> int:
    ip, _, prefix = address.partition("/")
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
        kernel.send(_message(device, ip, int(prefix), int(protocol)))
        return -int(struct.unpack_from("=i", kernel.recv(4096), 16)[0])


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
