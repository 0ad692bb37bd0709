"""Cables to bridges of the host's -> sentences on what of these bridges will surprise."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import product
from pathlib import Path

from topo.kernel.linux import openings
from topo.kernel.linux.places import Places

_THROUGH_RULES = Path("/proc/sys/net/bridge/bridge-nf-call-iptables")
_BRIDGE = "/sys/class/net/{}/bridge/stp_state"


def advice(names: Collection[str]) -> Iterator[str]:
    """See Codec; of the bridges of the host's that have these names."""
    bridges = sorted(names)
    for bridge in bridges:
        if _is_on(Path(_BRIDGE.format(bridge))):
            yield f"the host's bridge {bridge} speaks the spanning tree protocol: a new port of it waits before it forwards"
    if _is_on(_THROUGH_RULES):
        with Places("", {}) as places:
            closed = openings.closed(places(None))
        for chain, bridge in product(closed, bridges):
            rule = f"{chain.words(chain.door)} iifname {bridge} oifname {bridge} accept"
            yield (
                f"the host's chain {chain.words(chain.name)} drops what goes from port to port of {bridge}, too (br_netfilter),"
                f" unless a rule lets it through: nft insert rule {rule}"
            )


def _is_on(setting: Path) -> bool:
    try:
        return setting.read_text().strip() != "0"
    except OSError:
        return False
