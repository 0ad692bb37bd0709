"""A gateway and the addresses of containers -> the lab, by Mininet, until a line comes. Runs with the system's Python."""

from __future__ import annotations

import sys

from mininet.net import Mininet  # type: ignore[import-not-found,import-untyped,unused-ignore]
from mininet.nodelib import LinuxBridge  # type: ignore[import-not-found,import-untyped,unused-ignore]


def main() -> None:
    """Builds, says so, waits, takes down."""
    gateway, *addresses = sys.argv[1:]
    lab = Mininet(controller=None, switch=LinuxBridge)
    bridge = lab.addSwitch("s1")
    for number, address in enumerate(addresses):
        lab.addLink(lab.addHost(f"h{number}", ip=f"{address}/20", defaultRoute=f"via {gateway}"), bridge)
    lab.start()
    bridge.cmd(f"ifconfig s1 {gateway}/20")
    print("up", flush=True)
    sys.stdin.readline()
    lab.stop()


main()
