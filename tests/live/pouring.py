"""`drink ADDRESS`: takes one TCP connection to its end -> bytes a second, the first quarter of a megabyte not counted, which a
burst may let through. `pour ADDRESS BYTES`."""

from __future__ import annotations

import socket
import sys
import time

_PORT = 7778
_BEFORE = 250_000


def _drink(address: str) -> None:
    listener = socket.create_server((address, _PORT))
    # A window that the queue has room for: or packets are lost, and what waits behind such a hole comes later, all at once.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32768)
    print("ready", flush=True)
    connection = listener.accept()[0]
    total = 0
    while total < _BEFORE and (heard := connection.recv(65536)):
        total += len(heard)
    start, total = time.monotonic(), 0
    while heard := connection.recv(65536):
        total += len(heard)
    print(total / (time.monotonic() - start))


def _pour(address: str, size: str) -> None:
    with socket.create_connection((address, _PORT)) as connection:
        connection.sendall(bytes(int(size)))


if __name__ == "__main__":
    {"drink": _drink, "pour": _pour}[sys.argv[1]](*sys.argv[2:])
