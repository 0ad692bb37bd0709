"""A lab that is to be -> what of this machine will surprise whoever brings it up."""

from __future__ import annotations

import os
from collections.abc import Iterator

from topo.kernel.linux.nftables import closed
from topo.kernel.linux.nftables.socket import NftSocket
from topo.objects import State
from topo.objects.host import IPV6
from topo.objects.namespace import Namespace
from topo.objects.uplink import Uplink

_SYSTEMD = "/run/systemd/system"
"""There where systemd is process 1 (sd_booted(3))."""

_MANY_MOUNTS = 500
"""From here on what systemd does of them is felt: docs/performance.md."""


def advice(desired: State) -> Iterator[str]:
    """Sentences, most often none."""
    for uplink in (thing for thing in desired.objects.values() if isinstance(thing, Uplink)):
        yield from _of_uplink(uplink)
    pins = sum(isinstance(thing, Namespace) for thing in desired.objects.values())
    if pins >= _MANY_MOUNTS and _systemd_sees():
        yield (
            f"systemd makes a unit of each of the {pins} mounts under /run/netns: `systemctl daemon-reload` and a shutdown take"
            " much longer while the lab is up; take it down before you shut the machine down"
        )


def _of_uplink(uplink: Uplink) -> Iterator[str]:
    name = uplink.end.name
    for chain in _closed():
        yield (
            f"the host's chain {chain} drops what is forwarded, and so the way out of the lab, unless a rule there lets it"
            f" through: nft insert rule {chain} iifname {name} accept; nft insert rule {chain} oifname {name} accept"
        )
    if any(":" in address for address in uplink.addresses) and not any(one.startswith(IPV6) for one in uplink.outer):
        yield (
            "IPv6 does not get out of the lab: no interface of the host leads anywhere by IPv6, or this kernel forwards it on all"
            " interfaces or on none (before 6.17), and topo never sets that: sysctl -w net.ipv6.conf.all.forwarding=1"
        )


def _closed() -> list[str]:
    try:
        socket = NftSocket()
    except OSError:
        return []
    try:
        return closed.chains(socket)
    except OSError:
        return []
    finally:
        socket.close()


def _systemd_sees() -> bool:
    """Whether what is mounted here is mounted for process 1, and that is systemd."""
    try:
        return os.path.isdir(_SYSTEMD) and os.path.samestat(os.stat("/proc/self/ns/mnt"), os.stat("/proc/1/ns/mnt"))
    except OSError:  # an ordinary user may not look
        return False
