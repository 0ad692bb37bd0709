"""Ports published by NAT: the container sees the client; connections outlive every edit; what is flushed is repaired."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.live.driving import Topo
from tests.live.outside import outside
from tests.live.reading import shell
from tests.live.serving import ask, lab, serving

__all__ = ["outside"]

pytestmark = pytest.mark.live

NETWORKS = {"lan": {"subnet": ["10.0.0.0/24", "fd00::/64"], "uplink": "nat"}, "back": {"subnet": "10.1.0.0/24"}}
WHO = """
import socket
server = socket.create_server(("", 80), family=socket.AF_INET6, dualstack_ipv6=True)
print("ready", flush=True)
clients = []
while True:
    client, address = server.accept()
    client.sendall(address[0].removeprefix("::ffff:").encode())
    clients.append(client)
"""


@contextmanager
def telling() -> Iterator[None]:
    """In `web` somebody says to each client who it is."""
    argv = ["ip", "netns", "exec", "topo.t.web", sys.executable, "-c", WHO]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        assert server.stdout.readline() == "ready\n"
        yield
        server.kill()


def natted(*ports: Any, **more: Any) -> dict[str, Any]:
    return {**lab(*ports, publish="nat", **more), "networks": NETWORKS}


def test_by_nat_the_container_sees_the_client(topo: Topo, outside: str) -> None:
    document = natted("0.0.0.0:8080:80", "[::]:8080:80", "192.0.2.1:8081:80", "8082:80", networks=["lan", "back"])
    topo.up(document)
    topo.settled(document)
    with telling():
        assert ask("192.0.2.1", 8080, namespace="outside") == "192.0.2.2"
        assert ask("192.0.2.1", 8081, namespace="outside") == "192.0.2.2"
        assert ask("192.0.2.1", 8082, namespace="outside") == ""
        forwards6 = Path("/proc/sys/net/ipv6/conf/out0/force_forwarding").exists()
        assert ask("2001:db8::1", 8080, namespace="outside") == ("2001:db8::2" if forwards6 else "fd00::2")
        for address, port in (("192.0.2.1", 8080), ("127.0.0.1", 8080), ("::1", 8080), ("2001:db8::1", 8080), ("::1", 8082)):
            assert ask(address, port) == "10.0.0.2"
    with serving("topo.t.web", "web", 80):
        assert ask("192.0.2.1", 8080, namespace="outside") == "web:hello"
    topo.down()
    assert "topo-t" not in shell("nft list ruleset")


def test_nat_comes_goes_and_changes_while_connections_are_open(topo: Topo, outside: str) -> None:
    plain = {**natted("0.0.0.0:8080:80")}
    topo.up(plain)
    code = "import socket, sys\none = socket.create_connection(('192.0.2.1', 8080), 5)\n"
    code += "for line in sys.stdin:\n    one.sendall(line.encode())\n    print(one.recv(99).decode(), flush=True)"
    argv = ["ip", "netns", "exec", "outside", sys.executable, "-c", code]
    with serving("topo.t.web", "web", 80), subprocess.Popen(argv, stdin=-1, stdout=-1, text=True, bufsize=1) as client:
        assert client.stdin
        assert client.stdout
        edits = [
            natted("0.0.0.0:8080:80", "0.0.0.0:8081:80"),
            natted("0.0.0.0:8081:80"),
            {**lab("0.0.0.0:8081:80"), "networks": NETWORKS},
            natted("0.0.0.0:8080:80"),
        ]
        for number, document in enumerate([plain, *edits]):
            topo.up(document)
            topo.settled(document)
            client.stdin.write(f"{number}\n")
            assert client.stdout.readline() == f"web:{number}\n"
            client.stdout.readline()
        client.kill()


def test_a_map_that_is_changed_by_hand_is_repaired(topo: Topo, outside: str) -> None:
    document = natted("0.0.0.0:8080:80")
    topo.up(document)
    shell("nft flush chain inet topo-t published; ip netns exec topo.t nft flush chain inet topo published")
    assert topo.plan(document).changes == {"lab/uplink": "update", "lab/firewall": "update"}
    with serving("topo.t.web", "web", 80):
        assert ask("192.0.2.1", 8080, namespace="outside") == "web:hello"  # by the forwarder
        topo.up(document)
        topo.settled(document)
        assert ask("192.0.2.1", 8080, namespace="outside") == "web:hello"
