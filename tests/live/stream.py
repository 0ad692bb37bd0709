"""Every 5 ms a datagram and a segment of one TCP connection, both answered; at SIGINT: how many were lost, or sent again.

ping alone does not do: it slows down when the kernel refuses a packet, and then counts none as lost.
"""

from __future__ import annotations

import select
import signal
import socket
import sys
import time
from contextlib import suppress

PORT = 7777
_TOTAL_RETRANS = slice(100, 104)  # tcpi_total_retrans in struct tcp_info


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _serve(address: str) -> None:
    listener = socket.create_server((address, PORT), family=_family(address))
    datagrams = socket.socket(_family(address), socket.SOCK_DGRAM)
    datagrams.bind((address, PORT))
    print("ready", flush=True)
    connection = listener.accept()[0]
    while True:
        for ready in select.select([connection, datagrams], [], [])[0]:
            if ready is datagrams:
                heard, sender = datagrams.recvfrom(100)
                with suppress(OSError):
                    datagrams.sendto(heard, sender)
            elif heard := connection.recv(4096):
                connection.sendall(heard)
            else:
                return


def _talk(address: str) -> None:
    stopped: list[int] = []
    signal.signal(signal.SIGINT, lambda number, frame: stopped.append(number))
    datagrams = socket.socket(_family(address), socket.SOCK_DGRAM)
    datagrams.setblocking(False)
    sent, answered = 0, set[bytes]()
    with socket.create_connection((address, PORT), timeout=5) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        print("ready", flush=True)
        due = time.monotonic()
        while not stopped:
            sent += 1
            with suppress(OSError):
                datagrams.sendto(b"%d" % sent, (address, PORT))
            connection.sendall(b"x" * 100)
            assert connection.recv(4096)
            due = max(due + 0.005, time.monotonic())
            answered |= _heard(datagrams, due)
        answered |= _heard(datagrams, time.monotonic() + 1, sent - len(answered))
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 192)
    again = int.from_bytes(info[_TOTAL_RETRANS], sys.byteorder)
    print(f"{sent} datagrams, {sent - len(answered)} lost, {again} segments sent again")


def _heard(datagrams: socket.socket, until: float, most: float = float("inf")) -> set[bytes]:
    """The datagrams that come until a time, or until they are so many."""
    found = set[bytes]()
    while len(found) < most and select.select([datagrams], [], [], max(0, until - time.monotonic()))[0]:
        with suppress(OSError):
            found.add(datagrams.recv(100))
    return found


if __name__ == "__main__":
    {"serve": _serve, "talk": _talk}[sys.argv[1]](sys.argv[2])
