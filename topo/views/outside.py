"""State -> the ways from a lab to the outside as plain data, in the order in which a packet takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from topo.objects import State
from topo.objects.address import Address
from topo.objects.firewall import INET, Firewall
from topo.objects.host import IPV6
from topo.objects.names import fabric_of, network_of
from topo.objects.patch import Patch
from topo.objects.uplink import Uplink
from topo.objects.veth import End

_GOES_OUT = re.compile(r"iifname (\{.*?\}|\"\S+\") oifname \"\S+\" (accept|masquerade)")


def outside(state: State) -> dict[str, Any]:
    """{uplink, plugs}: what leaves by the host's addresses or routes (None: nothing does), and which networks are plugged into
    bridges of the host's."""
    uplink = state.objects.get(("uplink", fabric_of(state.lab)))
    plugs = [thing for thing in state.objects.values() if isinstance(thing, Patch)]
    return {
        "uplink": _uplink(uplink, state) if isinstance(uplink, Uplink) else None,
        "plugs": [_plug(thing) for thing in sorted(plugs, key=lambda thing: thing.name)],
    }


def _uplink(thing: Uplink, state: State) -> dict[str, Any]:
    out = dict(_networks(state))
    inside = (one for one in state.objects.values() if isinstance(one, Address))
    own = [one.ip for one in inside if (one.namespace, one.interface) == (thing.peer.namespace, thing.peer.name)]
    doors = dict.fromkeys(" ".join(words.split()[:3]) for words in thing.opened)
    return {
        "networks": [{"network": network_of(name), "mode": mode} for name, mode in sorted(out.items())],
        "fabric": _end(thing.peer, own),
        "host": _end(thing.end, thing.addresses) | {"routes": list(thing.routes)},
        "table": f"{INET} {thing.table}",
        "masquerade": [rule for chain in thing.chains for rule in chain.rules if rule.endswith("masquerade")],
        "forwarding": {
            "ipv4": [name for name in thing.outer if not name.startswith(IPV6)],
            "ipv6": [name.removeprefix(IPV6) for name in thing.outer if name.startswith(IPV6)],
        },
        "let_through_by": list(doors),
    }


def _networks(state: State) -> Iterator[tuple[str, str]]:
    """(bridge, nat or routed), as the rules of the fabric say: that of the masquerade comes last."""
    for thing in state.objects.values():
        if isinstance(thing, Firewall) and thing.family == INET:
            for chain in thing.chains:
                for found in filter(None, map(_GOES_OUT.fullmatch, chain.rules)):
                    mode = "nat" if found[2] == "masquerade" else "routed"
                    yield from ((name, mode) for name in re.findall(r'"([^"]+)"', found[1]))


def _end(end: End, addresses: Any) -> dict[str, Any]:
    return {
        "name": end.name,
        "namespace": end.namespace or None,
        "index": end.index,
        "up": end.up,
        "mac": end.mac,
        "mtu": end.mtu,
        "addresses": list(addresses),
    }


def _plug(thing: Patch) -> dict[str, Any]:
    return {
        "network": network_of(thing.master) if thing.master else None,
        "fabric": {"name": thing.name, "namespace": thing.fabric, "index": thing.index, "bridge": thing.master},
        "host": {"name": thing.far, "namespace": None, "index": thing.far_index, "bridge": thing.bridge},
        "up": thing.up,
        "mtu": thing.mtu,
    }
