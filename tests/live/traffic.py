"""Two containers that talk while something happens -> what they lost: of pings every 10 ms, datagrams, and one TCP connection."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.world.waiting import wait_for

_STREAM = str(Path(__file__).with_name("stream.py"))


def _inside(container: str, *argv: str, lab: str = "t") -> subprocess.Popen[str]:
    whole = ["ip", "netns", "exec", f"topo.{lab}.{container}", *argv]
    return subprocess.Popen(whole, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@contextmanager
def talk(one: str, other: str, address: str, *, interrupted: bool = False) -> Iterator[None]:
    """Fails when a ping or datagram stays without an answer, or a segment is sent twice. interrupted: TCP must only live on."""
    ping = _inside(one, "ping", "-i", "0.01", "-n", address)
    server = _inside(other, sys.executable, "-IS", _STREAM, "serve", address)
    assert server.stdout
    assert ping.stdout
    assert server.stdout.readline() == "ready\n"
    client = _inside(one, sys.executable, "-IS", _STREAM, "talk", address)
    assert client.stdout
    assert client.stdout.readline() == "ready\n"
    wait_for(lambda: "bytes from" in ping.stdout.readline(), why="the first answer to a ping")
    try:
        yield
    finally:
        client.send_signal(signal.SIGINT)
        streamed = client.communicate(timeout=10)[0]
        ping.send_signal(signal.SIGINT)
        pinged = ping.communicate(timeout=10)[0]
        server.kill()
        server.communicate()
    sent, received = map(int, re.search(r"(\d+) packets transmitted, (\d+) received", pinged).groups())  # type: ignore[union-attr]
    # The last ping may be under way when it is asked to stop.
    assert interrupted or sent - received <= 1, f"{sent - received} of {sent} pings lost\n{pinged[-500:]}"
    assert not client.returncode, streamed
    assert interrupted or ", 0 lost, 0 segments" in streamed, streamed
