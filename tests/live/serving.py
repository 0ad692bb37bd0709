"""A program in a container that answers, and clients in other namespaces that ask it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SERVER = """
import socket, sys, threading
name, port = sys.argv[1].encode(), int(sys.argv[2])
def talk(client):
    with client:
        while data := client.recv(65536):
            client.sendall(name + b":" + data)
        client.sendall(b"bye")
one = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
one.bind(("::", port))
def udp():
    while True:
        data, client = one.recvfrom(65536)
        one.sendto(name + b":" + data, client)
threading.Thread(target=udp, daemon=True).start()
server = socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=100)
print("ready", flush=True)
while True:
    threading.Thread(target=talk, args=(server.accept()[0],), daemon=True).start()
"""

ASK = """
import socket, sys
kind, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
if kind == "udp":
    one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
    one.settimeout(2)
    one.connect((address, port))
else:
    one = socket.create_connection((address, port), 2)
one.send(b"hello")
print(one.recv(100).decode(), end="")
"""


@contextmanager
def serving(namespace: str, name: str, port: int) -> Iterator[None]:
    """What comes to that port of TCP (IPv4 and IPv6) or UDP there goes back, behind the name; at the end it says `bye`."""
    argv = ["ip", "netns", "exec", namespace, sys.executable, "-c", SERVER, name, str(port)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            assert server.stdout.readline() == "ready\n"
            yield
        finally:
            server.kill()


def ask(address: str, port: int, kind: str = "tcp", namespace: str | None = None) -> str:
    """What a server says to `hello`, asked from a namespace (None: the host's); "" when nobody answers."""
    inside = ["ip", "netns", "exec", namespace] if namespace else []
    argv = [*inside, sys.executable, "-c", ASK, kind, address, str(port)]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=10).stdout


def lab(*ports: Any, **more: Any) -> dict[str, Any]:
    """One container, `web`, of which these ports are published."""
    return {
        "networks": {"lan": {"subnet": "10.0.0.0/24"}},
        "containers": {"web": {"networks": ["lan"], "ports": [*ports], **more}},
    }
