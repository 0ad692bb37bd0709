"""An uplink that is to be -> sentences on what of the host stands in its way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from topo.kernel.linux.places import Places
from topo.objects import Object
from topo.objects.host import IPV6
from topo.objects.uplink import Uplink


def advice(things: Sequence[Object]) -> Iterator[str]:
    """See Codec."""
    for thing in things:
        assert isinstance(thing, Uplink)
        yield from _about(thing)


def _about(uplink: Uplink) -> Iterator[str]:
    from topo.kernel.linux import openings  # few labs have a way out

    name = uplink.end.name
    ipv6 = any(":" in address for address in uplink.addresses)
    with Places("", {}) as places:
        closed = openings.closed(places(None))
    for chain in closed:
        door = chain.words(chain.door)
        ours = any(words.startswith(f"{door} ") for words in uplink.opened)
        theirs = any(f'iifname "{name}' in rule.words for rule in chain.rules[chain.door])
        if not ours and not theirs and (ipv6 or not door.startswith("ip6 ")):
            insert = f"nft insert rule {door}"
            yield (
                f"the host's chain {chain.words(chain.name)} drops what is forwarded, and so the way out of the lab, unless a"
                f" rule there lets it through: {insert} iifname {name} accept; {insert} oifname {name} accept"
            )
    if ipv6 and not any(one.startswith(IPV6) for one in uplink.outer):
        yield (
            "IPv6 does not get out of the lab: no interface of the host leads anywhere by IPv6, or this kernel forwards it on all"
            " interfaces or on none (before 6.17), and topo never sets that: sysctl -w net.ipv6.conf.all.forwarding=1"
        )
