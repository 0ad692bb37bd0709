"""`drink ADDRESS`: takes one TCP connection to its end -> the seconds from its first byte to its last. `pour ADDRESS BYTES`."""

from __future__ import annotations

import socket
import sys
import time

_PORT = 7778


def _drink(address: str) -> None:
    listener = socket.create_server((address, _PORT))
    print("ready", flush=True)
    connection = listener.accept()[0]
    connection.recv(65536)
    start = time.monotonic()
    while connection.recv(65536):
        pass
    print(time.monotonic() - start)


def _pour(address: str, size: str) -> None:
    with socket.create_connection((address, _PORT)) as connection:
        connection.sendall(bytes(int(size)))


if __name__ == "__main__":
    {"drink": _drink, "pour": _pour}[sys.argv[1]](*sys.argv[2:])
