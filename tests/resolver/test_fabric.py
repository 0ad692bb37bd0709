from __future__ import annotations

import pytest

from tests.resolver.given import found, resolved
from topo.objects.firewall import Firewall


def test_the_rules_are_there_without_a_network_and_the_same_with_many() -> None:
    none = found(resolved("containers: {a: {networks: [none]}}"), "lab/firewall", Firewall)
    many = found(resolved("networks: {a: , b: , c: }"), "lab/firewall", Firewall)
    assert none == many
    assert none.namespace == "topo.t"


def test_the_rules_are_in_the_words_of_nft() -> None:
    chains = found(resolved("containers: {a: }"), "lab/firewall", Firewall).chains
    assert [(chain.name, chain.hook, chain.priority, chain.policy) for chain in chains] == [
        ("pre", "prerouting", -300, "accept"),
        ("input", "input", 0, "accept"),
        ("forward", "forward", 0, "drop"),
    ]
    assert chains[0].rules == ('iif "lo" accept', "fib saddr . iif oif missing counter drop")
    assert chains[1].rules[1] == "fib daddr . iif type { local, broadcast, multicast, anycast } accept"


@pytest.mark.parametrize(
    ("networks", "is_there"),
    [
        ('{a: {subnet: "fd00::/64"}, b: }', True),
        ('{a: {subnet: "fd00::/64", gateway: false}}', True),
        ("{a: , b: }", False),
        ('{a: {subnet: "fd00::/64"}, b: {multicast_snooping: true}}', False),
    ],
)
def test_reports_are_ended_where_there_is_ipv6_and_no_bridge_snoops(networks: str, is_there: bool) -> None:
    things = resolved(f"networks: {networks}").objects.values()
    assert ("lab/firewall/bridge" in {thing.address for thing in things}) is is_there
