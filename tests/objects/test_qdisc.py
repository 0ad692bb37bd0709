"""A qdisc: what the kernel cannot tell apart is one value, and its words are tc's."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from topo.objects.qdisc import KIND, Qdisc
from topo.objects.queue import NETEM, TBF, burst_of, burst_ticks, whole_burst
from topo.objects.units import WHOLE, share_of

RATE = Qdisc(
    namespace="topo.t.a", owner="containers/a", interface="p0", discipline=TBF, rate=12_500_000, burst=25000, limit=2**17
)
WIRE = Qdisc(namespace="topo.t.a", owner="containers/a", interface="p0", discipline=NETEM, delay=10**7, jitter=10**6, limit=1000)


@given(st.integers(125, 125 * 10**9), st.integers(1, 2**31 - 1))
def test_a_burst_is_the_roundest_of_those_that_the_kernel_says_alike(rate: int, burst: int) -> None:
    assume(burst <= rate * 250)
    whole = whole_burst(rate, burst)
    assert burst_ticks(rate, whole) == burst_ticks(rate, burst) < 2**32
    assert whole_burst(rate, whole) == whole == burst_of(rate, burst_ticks(rate, burst))
    assert whole & -whole >= burst & -burst


def test_one_that_is_not_topos_is_another_object_in_the_same_place() -> None:
    foreign = replace(RATE, owned=False, handle=0x80010000)
    assert foreign.key != RATE.key
    assert (foreign.address, RATE.address) == ("containers/a/p0/qdisc/8001", "containers/a/p0/qdisc")
    assert KIND.occupies(foreign) == KIND.occupies(RATE)


def test_it_follows_its_interface() -> None:
    moved = KIND.renamed(RATE, {("topo.t.a", "p0"): "wan"})
    assert (moved.interface, moved.address) == ("wan", "containers/a/wan/qdisc")
    assert KIND.renamed(RATE, {("topo.t.b", "p0"): "wan"}) is RATE


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (None, RATE, "tc -n topo.t.a qdisc add dev p0 root handle 7470: tbf rate 100mbit burst 25000b limit 128kb"),
        (RATE, None, "tc -n topo.t.a qdisc delete dev p0 root"),
        (
            WIRE,
            replace(WIRE, distribution="pareto", gilbert=(WHOLE // 2 + 1, WHOLE, 0, WHOLE), reorder=share_of(Decimal(25))),
            "tc -n topo.t.a qdisc change dev p0 root handle 7470: netem delay 10ms 1ms distribution pareto"
            " loss gemodel 50% 100% 100% 0% reorder 25% limit 1000",
        ),
    ],
)
def test_what_one_would_type(before: Qdisc | None, after: Qdisc | None, words: str) -> None:
    assert KIND.words(before, after) == words
