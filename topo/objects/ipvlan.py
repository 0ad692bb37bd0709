"""An ipvlan: an interface of a container with addresses of its own and the MAC of the host's interface that it stands on."""

from __future__ import annotations

from topo.objects.upper import Upper, kind_of


class Ipvlan(Upper, frozen=True, kw_only=True):
    """`mode` is l2, l3 or l3s: one for all on a parent. `mac` is the parent's, to show."""

    kind = "ipvlan"
    shown = frozenset({"mac"})
    mode: str = "l2"


KIND = kind_of(
    Ipvlan,
    "a container's interface with the MAC of one of the host's, on the network of that",
    lambda thing: f"mode {thing.mode}",
    replaced={"parent": "the kernel ties it to its parent for ever"},
)
