"""A kind of link, `netem`, or `vlan filtering` of bridges -> whether this kernel has it."""

from __future__ import annotations

import subprocess
from functools import cache

from topo.kernel.linux import hints
from topo.objects.state import LIVE_RENAME, REMARK

RENAMED = "update" if LIVE_RENAME in hints.features() else "replace"
"""What a plan says of an interface that is to have another name,"""

REMARKED = "update" if REMARK in hints.features() else "replace"
"""and of an IPv4 address that has lost its mark."""

_TRIED = {
    "duplicate beside a delay": "tc qdisc add dev lo root handle 1: htb"
    " && tc class add dev lo parent 1: classid 1:1 htb rate 1gbit && tc qdisc add dev lo parent 1:1 netem delay 1ms"
    " && tc class add dev lo parent 1: classid 1:2 htb rate 1gbit && tc qdisc add dev lo parent 1:2 netem duplicate 1%;"
    "found=$?; tc qdisc del dev lo root; exit $found",
    "netem": "tc qdisc add dev lo root netem delay 1ms && tc qdisc del dev lo root",
    "vlan filtering": "ip link add able0 type bridge vlan_filtering 1; ip -d link show able0 >/run/able; ip link del able0;"
    "grep -q 'vlan_filtering 1' /run/able; found=$?; rm /run/able; exit $found",
}


@cache
def has(what: str) -> bool:
    """Of a link without a parent none is made: the kernel says what it lacks, or that it knows no such kind."""
    if what in _TRIED:
        return not subprocess.run(_TRIED[what], shell=True, capture_output=True, check=False).returncode
    done = subprocess.run(["ip", "link", "add", "able0", "type", what], capture_output=True, text=True, check=False)
    if not done.returncode:
        subprocess.run(["ip", "link", "del", "able0"], check=True)
    return "Unknown device type" not in done.stderr and "not supported" not in done.stderr
