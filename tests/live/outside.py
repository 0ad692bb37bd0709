"""A host with an outside: interfaces that lead to a namespace that plays the rest of the world."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live.reading import shell

OUTSIDE = "192.0.2.2"
_HOST = """
ip netns add outside
ip link add out0 type veth peer name eth0 netns outside
ip link set out0 addrgenmode none
ip -n outside link set eth0 addrgenmode none
ip address add 192.0.2.1/24 dev out0
ip address add 2001:db8::1/64 dev out0 nodad
ip link set out0 up
ip -n outside address add 192.0.2.2/24 dev eth0
ip -n outside address add 2001:db8::2/64 dev eth0 nodad
ip -n outside link set eth0 up
ip -n outside link set lo up
"""


@pytest.fixture
def outside() -> Iterator[str]:
    """The address of the other end, of which the namespace is called `outside`."""
    shell(" && ".join(_HOST.strip().splitlines()))
    policy("accept")
    yield OUTSIDE
    policy("drop")
    shell("ip link delete out0; ip netns delete outside")


def policy(what: str) -> None:
    """The canary's own table drops what is forwarded, as Docker's does."""
    shell(f"nft 'chain inet foreign forward {{ policy {what} ; }}'")


def forwards(interface: str) -> bool:
    """Whether the host forwards what comes in by it."""
    return shell(f"cat /proc/sys/net/ipv4/conf/{interface}/forwarding").strip() == "1"


def seen_by(listener: str) -> str:
    """From which address a connection comes, as a server in the namespace `outside` sees it: code of Python for a container."""
    return f"import socket; print(socket.create_connection(('{listener}', 7), 2).recv(99).decode())"
