"""A pair: a class, a queue and a filter, each of which is read again, missed when it is gone, and mended alone."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from msgspec.structs import replace

from tests.kernel.linux.small_lab import FABRIC, NET, WEB, run, seen, sh
from tests.world import able
from topo.kernel.linux import LinuxKernel
from topo.objects.kind import LINK
from topo.objects.pair import KIND, NO_FILTER, OTHER_CLASS, OTHER_QUEUE, Pair
from topo.objects.qdisc import Qdisc
from topo.objects.queue import HTB, NETEM, TBF

pytestmark = pytest.mark.live

PORT = Qdisc(namespace=FABRIC, owner=NET, interface="db.eth0", discipline=HTB)
RATE = Pair(
    namespace=FABRIC,
    owner=NET,
    interface="db.eth0",
    source="web.eth0",
    mark=0x123,
    discipline=TBF,
    rate=12_500_000,
    burst=25000,
    limit=2**17,
)
WIRE = replace(RATE, discipline=NETEM, delay=10**7, jitter=10**6, distribution="normal", burst=0, limit=1000)
TC = f"tc -n {FABRIC}"
ON = f"{TC} filter add dev db.eth0 parent 7470: protocol all"


@pytest.fixture
def port(kernel: LinuxKernel) -> LinuxKernel:
    """With a queue that parts what `db` receives."""
    assert run(kernel, [(None, PORT)]) == []
    return kernel


def pairs(kernel: LinuxKernel) -> list[Pair]:
    return [thing for thing in seen(kernel).values() if isinstance(thing, Pair)]


def sent(handle: str) -> int:
    """Packets that went through a qdisc on the port of `db`."""
    said = subprocess.run(
        [*TC.split(), "-s", "-j", "qdisc", "show", "dev", "db.eth0"], check=True, capture_output=True, text=True
    )
    return int(next(one["packets"] for one in json.loads(said.stdout) if one["handle"] == handle))


def test_the_port_alone_has_no_pairs(port: LinuxKernel) -> None:
    assert pairs(port) == []
    assert [thing for thing in seen(port).values() if isinstance(thing, Qdisc)] == [PORT]


def test_one_is_made_changed_and_taken_away(port: LinuxKernel) -> None:
    assert run(port, [(None, RATE)]) == []
    assert pairs(port) == [RATE]
    slow = replace(RATE, rate=125_000, burst=8192)
    assert run(port, [(RATE, slow)]) == []
    assert pairs(port) == [slow]
    assert run(port, [(slow, None)]) == []
    assert pairs(port) == []
    assert run(port, [(slow, None)]) == []


def test_it_is_of_what_came_from_there_and_of_nothing_else(port: LinuxKernel) -> None:
    assert run(port, [(None, RATE)]) == []
    before = sent("246:")
    sh(f"ip netns exec {WEB} ping -c 3 -i 0.01 172.17.0.3", f"ip netns exec {WEB} ping -c 3 -i 0.01 fd00::3")
    assert sent("246:") - before >= 6
    before = sent("246:")
    sh(f"ip netns exec {FABRIC} ping -c 3 -i 0.01 172.17.0.3")
    assert sent("246:") == before


def test_several_of_one_port_do_not_meet(port: LinuxKernel) -> None:
    other = replace(RATE, source="front", mark=0x3FFF, rate=1_000_000, burst=4000)
    assert run(port, [(None, RATE), (None, other)]) == []
    assert sorted(pairs(port), key=lambda pair: pair.mark) == [RATE, other]
    assert run(port, [(RATE, None)]) == []
    assert pairs(port) == [other]


@pytest.mark.parametrize(
    ("by_hand", "said"),
    [
        (f"{TC} filter delete dev db.eth0 parent 7470: prio 291", {"source": "", "extras": (NO_FILTER,)}),
        (f"{ON} prio 291 u32 match u32 0 0 indev front classid 7470:123", {"source": ""}),
        (f"{TC} class change dev db.eth0 classid 7470:123 htb rate 1mbit", {"extras": (OTHER_CLASS,)}),
        (f"{TC} qdisc delete dev db.eth0 parent 7470:123", {"discipline": "", "rate": 0, "burst": 0, "limit": 0}),
        (
            f"{TC} qdisc replace dev db.eth0 parent 7470:123 handle 9: tbf rate 100mbit burst 25000b limit 128kb",
            {"extras": (OTHER_QUEUE,)},
        ),
    ],
)
def test_what_somebody_did_is_seen_and_mended(port: LinuxKernel, by_hand: str, said: dict[str, Any]) -> None:
    assert run(port, [(None, RATE)]) == []
    sh(by_hand)
    (found,) = pairs(port)
    assert found == replace(RATE, **said)
    assert run(port, [(found, RATE)]) == []
    assert pairs(port) == [RATE]


def test_a_filter_of_somebody_else_is_left_alone(port: LinuxKernel) -> None:
    assert run(port, [(None, RATE)]) == []
    sh(f"{ON} prio 40000 u32 match u32 0 0 indev front flowid 7470:0")
    assert pairs(port) == [RATE]
    assert run(port, [(RATE, None)]) == []
    assert (
        "pref 40000" in subprocess.run(f"{TC} filter show dev db.eth0".split(), capture_output=True, text=True, check=True).stdout
    )


def test_a_sender_that_is_gone_leaves_a_filter_for_nothing(port: LinuxKernel) -> None:
    sh(f"ip -n {FABRIC} link add gone0 type bridge")
    lost = replace(RATE, source="gone0")
    assert run(port, [(None, lost)]) == []
    sh(f"ip -n {FABRIC} link delete gone0")
    (found,) = pairs(port)
    assert found == replace(RATE, source="")
    assert KIND.left(lost, [(LINK, FABRIC, "gone0")]) == found
    assert KIND.left(lost, [(LINK, FABRIC, "db.eth0")]) is None
    assert run(port, [(found, RATE)]) == []
    assert pairs(port) == [RATE]


def test_a_kernel_without_netem_is_found_out_beforehand(kernel: LinuxKernel) -> None:
    assert kernel.check([PORT, RATE]) == {}
    found = kernel.check([PORT, RATE, replace(WIRE, mark=7)])
    if able.has("netem"):
        assert found == {}
        return
    (error,) = found.values()
    assert error.message == "this kernel has no netem, which `delay` needs"


@pytest.mark.needs("netem")
def test_a_wire_becomes_a_rate_and_a_wire_again(port: LinuxKernel) -> None:
    now: Pair | None = None
    bucket = replace(WIRE, burst=65536, room=2**20)
    twice = replace(WIRE, duplicate=2**30)
    for new in (WIRE, RATE, bucket, replace(bucket, rate=1_000_000, burst=32000), twice, replace(twice, distribution="uniform")):
        assert run(port, [(now, new)]) == []
        assert pairs(port) == [new]
        now = new
    sh(f"{TC} qdisc replace dev db.eth0 parent 247:1 pfifo limit 9")
    (found,) = pairs(port)
    assert found.extras == ("child",)
    assert run(port, [(found, now)]) == []
    assert pairs(port) == [now]


@pytest.mark.needs("netem")
def test_two_that_duplicate_may_be_refused_and_that_is_found_out(port: LinuxKernel) -> None:
    both = [replace(WIRE, mark=mark, duplicate=2**30, source=source) for mark, source in ((5, "web.eth0"), (6, "front"))]
    found = port.check(both)
    assert bool(found) == bool(run(port, [(None, pair) for pair in both]))
