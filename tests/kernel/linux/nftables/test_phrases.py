"""What is said is what is heard; what is not topo's is never taken for it."""

from __future__ import annotations

import pytest

from topo.errors import KernelError
from topo.kernel.linux.nftables import phrases
from topo.kernel.linux.nftables.expressions import COUNTER, Expression, equals, meta, verdict
from topo.objects import mark
from topo.objects.bridge import Bridge
from topo.objects.firewall import Firewall
from topo.resolver.fabric import fabric_objects, quiet

BRIDGE = Bridge(namespace="topo.shop", name="n", mark=mark.of_network("n"), mac="02:42:00:00:00:01")
THINGS = [*fabric_objects("shop"), *quiet("shop", [BRIDGE])]
RULES = sorted({rule for thing in THINGS if isinstance(thing, Firewall) for chain in thing.chains for rule in chain.rules})


MAPS = [
    "fib daddr type local dnat ip to tcp dport map { 80 : 198.18.0.2 . 8080, 8080 : 198.18.0.2 . 81 }",
    "fib daddr type local dnat ip6 to udp dport map { 53 : fd00::2 . 53 }",
    "dnat ip to ip daddr . udp dport map { 192.0.2.1 . 53 : 198.18.0.2 . 53, 192.0.2.2 . 1 : 198.18.0.3 . 54 }",
    "dnat ip6 to ip6 daddr . tcp dport map { 2001:db8::1 . 443 : fd00::2 . 443 }",
    'iifname "uplink" ct status dnat accept',
]


@pytest.mark.parametrize("rule", [*RULES, *MAPS, "accept", "drop", "counter drop"])
def test_every_rule_of_a_fabric_is_read_back_as_it_was_said(rule: str) -> None:
    assert phrases.decode(phrases.encode(rule)) == rule


def test_no_two_phrases_mean_the_same() -> None:
    assert len(set(phrases.PHRASES.values())) == len(phrases.PHRASES)


def test_words_that_topo_does_not_have_are_refused() -> None:
    with pytest.raises(KernelError, match="tcp sport 22 accept"):
        phrases.encode("counter tcp sport 22 accept")


@pytest.mark.parametrize(
    "expressions",
    [
        (Expression("payload", b"\0"), verdict(1)),
        (meta(4), equals(2), verdict(1)),  # iif another interface than lo
        (meta(4), verdict(1)),
        (COUNTER, verdict(0), meta(4)),
        (Expression("lookup", members=frozenset({2, 3})),),
    ],
)
def test_what_topo_does_not_say_is_no_rule_of_topo_s(expressions: tuple[Expression, ...]) -> None:
    assert "unknown expression" in phrases.decode(expressions)


def test_the_order_of_a_set_has_no_meaning() -> None:
    one, other = Expression("lookup", members=frozenset((3, 5))), Expression("lookup", members=frozenset((5, 3)))
    assert one == other
