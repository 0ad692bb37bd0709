"""Two containers of lab `t` -> the rate of a TCP stream between them, and what pings say of delay and loss."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.live.reading import shell

_POURING = str(Path(__file__).with_name("pouring.py"))
_PAYLOAD, _FRAME = 1448, 1514
"""Bytes of a full segment of TCP with timestamps, and of the frame that it is in."""


def rate(sender: str, receiver: str, address: str, megabytes: int) -> float:
    """Bits a second on the wire, headers counted, as the rates of a file are."""
    drink = ["ip", "netns", "exec", f"topo.t.{receiver}", "python3", "-IS", _POURING, "drink", address]
    with subprocess.Popen(drink, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        assert server.stdout.readline() == "ready\n"
        shell(f"ip netns exec topo.t.{sender} python3 -IS {_POURING} pour {address} {megabytes * 10**6}")
        return float(server.communicate(timeout=60)[0]) * _FRAME / _PAYLOAD * 8


def keeps(measured: float, wanted: float) -> bool:
    """Whether it is the rate that a file says: a machine that is busy, or emulated, wakes up late for a packet and sends less."""
    return 0.88 * wanted < measured < 1.04 * wanted


def round_trip(sender: str, address: str) -> float:
    """The shortest of some, in milliseconds."""
    said = shell(f"ip netns exec topo.t.{sender} ping -c 5 -i 0.2 -n {address}")
    return min(float(part.split()[0]) for part in said.split("time=")[1:])


def answered(sender: str, address: str, count: int) -> int:
    """How many of so many pings."""
    said = shell(f"ip netns exec topo.t.{sender} ping -c {count} -f -W 1 -n {address} || true")
    found = re.search(r"(\d+) received", said)
    assert found
    return int(found[1])
