"""A kind of link, or `vlan filtering` of bridges -> whether this kernel has it."""

from __future__ import annotations

import subprocess
from functools import cache

_VLANS = "ip link add able0 type bridge vlan_filtering 1; ip -d link show able0 | grep -o 'vlan_filtering 1'; ip link del able0"


@cache
def has(what: str) -> bool:
    """Of a link without a parent none is made: the kernel says what it lacks, or that it knows no such kind."""
    if what == "vlan filtering":
        return bool(subprocess.run(["sh", "-c", _VLANS], capture_output=True, check=False).stdout)
    done = subprocess.run(["ip", "link", "add", "able0", "type", what], capture_output=True, text=True, check=False)
    if not done.returncode:
        subprocess.run(["ip", "link", "del", "able0"], check=True)
    return "Unknown device type" not in done.stderr and "not supported" not in done.stderr
