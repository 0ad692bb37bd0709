"""A pair: its words are tc's, it follows both of its ports, and outlives the one that it comes from."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from topo.objects.kind import LINK
from topo.objects.pair import KIND, NO_FILTER, OTHER_CLASS, Pair
from topo.objects.qdisc import CLASSES
from topo.objects.queue import NETEM, TBF

PAIR = Pair(
    namespace="topo.t",
    owner="networks/n",
    interface="b.eth0",
    source="a.eth0",
    mark=5,
    discipline=TBF,
    rate=12_500_000,
    burst=25000,
    limit=2**17,
)
WIRE = replace(PAIR, discipline=NETEM, delay=10**7, rate=0, burst=0, limit=1000)
TC, ON = "tc -n topo.t", "dev b.eth0 parent 7470:"
CLASS = f"{TC} class replace {ON} classid 7470:5 htb rate 8tbit quantum 64kb"
QUEUE = f"{TC} qdisc replace {ON}5 handle a: tbf rate 100mbit burst 25000b limit 128kb"
FILTER = f"{TC} filter add {ON} prio 5 protocol all u32 match u32 0 0 indev a.eth0 classid 7470:5"
UNFILTER = f"{TC} filter delete {ON} prio 5"
DELAY = f"{TC} qdisc replace {ON}5 handle b: netem delay 10ms limit 1000"


@pytest.mark.parametrize(
    ("before", "after", "commands"),
    [
        (None, PAIR, [CLASS, QUEUE, FILTER]),
        (PAIR, None, [UNFILTER, f"{TC} class delete dev b.eth0 classid 7470:5"]),
        (replace(PAIR, rate=1), PAIR, [QUEUE]),
        (replace(PAIR, source=""), PAIR, [UNFILTER, QUEUE, FILTER]),
        (replace(PAIR, source="", extras=(NO_FILTER, OTHER_CLASS)), PAIR, [CLASS, QUEUE, FILTER]),
        (PAIR, WIRE, [DELAY]),
        (
            WIRE,
            replace(WIRE, rate=125_000, burst=8192, room=30000),
            [DELAY, f"{TC} qdisc replace dev b.eth0 parent b:1 tbf rate 1mbit burst 8kb limit 30000b"],
        ),
        (replace(WIRE, rate=125_000, burst=8192, room=30000), WIRE, [DELAY, f"{TC} qdisc delete dev b.eth0 parent b:1"]),
    ],
)
def test_what_one_would_type(before: Pair | None, after: Pair | None, commands: list[str]) -> None:
    assert KIND.words(before, after).split(" && ") == commands


def test_it_follows_both_of_its_ports() -> None:
    moved = KIND.renamed(PAIR, {("topo.t", "a.eth0"): "a.wan", ("topo.t", "b.eth0"): "b.wan", ("topo.t.a", "eth0"): "x"})
    assert moved.address == "networks/n/impair/a.wan->b.wan"
    assert KIND.renamed(PAIR, {("topo.t.a", "a.eth0"): "x"}) is PAIR


def test_without_the_port_it_comes_from_it_is_a_filter_of_nothing() -> None:
    left = KIND.left(PAIR, [(LINK, "topo.t", "a.eth0")])
    assert left == replace(PAIR, source="")
    assert left.address == "networks/n/impair/7470:5->b.eth0"
    assert left.key == PAIR.key
    for gone in (LINK, "topo.t", "b.eth0"), (CLASSES, "topo.t", "b.eth0"):
        assert KIND.left(PAIR, [gone]) is None
