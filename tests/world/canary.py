"""Objects that are not topo's, in the host's namespace and in two others: they must never change."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

from tests.world.waiting import wait_for

NAMESPACES = ("canary", "topology")

_BUILD = """
ip netns add canary
ip netns add topology
ip link add foreign0 type bridge mcast_snooping 0
ip link add canary0 address 02:ca:00:00:00:01 group 1962934273 type veth peer name eth0 netns canary address 02:ca:00:00:00:02
ip link set canary0 master foreign0
ip link set foreign0 address 02:ca:00:00:00:03 addrgenmode none
ip link set canary0 addrgenmode none
ip -n canary link set eth0 addrgenmode none
ip address add 198.51.100.1/24 dev foreign0
ip link set foreign0 up
ip link set canary0 up
ip -n canary link set lo up
ip -n canary address add 198.51.100.2/24 dev eth0
ip -n canary address add 172.17.0.2/16 dev eth0
ip -n canary link set eth0 up
ip -n canary route add default via 198.51.100.1
ip -n canary route add blackhole 203.0.113.0/24 proto 116 metric 7
ip -n canary neighbour add 198.51.100.1 lladdr 02:ca:00:00:00:03 nud permanent dev eth0
ip route add 203.0.113.0/24 via 198.51.100.2 proto bird
ip rule add from 203.0.113.9 lookup 77
nft add table inet foreign
nft add chain inet foreign forward { type filter hook forward priority 0 ; policy drop ; }
nft add rule inet foreign forward ct state established accept
ip netns exec canary nft add table inet topo
ip netns exec canary nft add chain inet topo input { type filter hook input priority 0 ; }
ip netns exec canary nft add rule inet topo input tcp dport 23 drop
"""


@cache
def build() -> None:
    """Once in a world. Some of it looks like topo's: the protocol 116, a table `topo`, 172.17.0.2, the name `topology`."""
    for line in _BUILD.strip().splitlines():
        subprocess.run(line.split(), check=True)
    for namespace in None, "canary":  # the kernel may take a second to say that a cable is plugged in (linkwatch_event)
        wait_for(lambda where=namespace: not any("NO-CARRIER" in line for line in network(where)))  # type: ignore[misc]
    Path("/run/topo.canary").write_text("not a lab\n")
    Path("/run/netns/topology.txt").write_text("not a namespace\n")


_BATCH = Path(__file__).with_name("network.ip")
"""What ip(8) is asked to show. A process for each would be most of the time of a test."""

_SHOWN = f"ip -d -o -batch {_BATCH} && ip -6 rule show && bridge -d link show && exec nft list ruleset"


def network(namespace: str | None) -> list[str]:
    """The network of a namespace as iproute2 and nft show it, in lines without counters, lifetimes and learned neighbours."""
    inside = ["ip", "netns", "exec", namespace] if namespace else []
    found = subprocess.run([*inside, "sh", "-c", _SHOWN], check=True, capture_output=True, text=True)
    return re.sub(r" \w+_timer +[\d.]+", "", found.stdout).splitlines()
