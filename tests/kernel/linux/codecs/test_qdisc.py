"""The queue of an interface: what was asked for is what tc(8) says, and is read again; what is not topo's is seen."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from msgspec.structs import replace

from tests.kernel.linux.small_lab import WEB, run, seen, sh
from tests.world import able
from topo.kernel.linux import LinuxKernel
from topo.objects.qdisc import Qdisc
from topo.objects.queue import DISTRIBUTIONS, NETEM, TBF, whole_burst
from topo.objects.units import WHOLE

pytestmark = pytest.mark.live

RATE = Qdisc(namespace=WEB, owner="containers/web", interface="eth0", discipline=TBF, rate=12_500_000, burst=25000, limit=2**17)
WIRE = Qdisc(
    namespace=WEB,
    owner="containers/web",
    interface="p0",
    discipline=NETEM,
    delay=10_000_000,
    jitter=2_000_000,
    distribution="normal",
    loss=WHOLE // 100,
    duplicate=WHOLE // 200,
    corrupt=WHOLE // 1000,
    reorder=WHOLE // 4,
    rate=12_500_000,
    limit=2000,
)


def queues(kernel: LinuxKernel) -> list[Qdisc]:
    return [thing for thing in seen(kernel).values() if isinstance(thing, Qdisc)]


def tc(interface: str) -> dict[str, Any]:
    said = subprocess.run(["tc", "-n", WEB, "-j", "qdisc", "show", "dev", interface], check=True, capture_output=True, text=True)
    found: dict[str, Any] = next(one for one in json.loads(said.stdout) if one.get("root"))
    return found


def test_without_one_there_is_nothing_to_see(kernel: LinuxKernel) -> None:
    assert queues(kernel) == []


def test_a_rate_is_made_changed_and_taken_away(kernel: LinuxKernel) -> None:
    assert run(kernel, [(None, RATE)]) == []
    assert queues(kernel) == [RATE]
    said = tc("eth0")
    assert (said["kind"], said["handle"], said["options"]["rate"]) == ("tbf", "7470:", 12_500_000)
    now = RATE
    for rate in (125, 10_000, 187_500_000, 2**32, 125 * 10**9):
        new = replace(RATE, rate=rate, burst=whole_burst(rate, max(3028, rate // 500)), limit=min(rate // 10 + 4000, 2**31))
        assert run(kernel, [(now, new)]) == []
        assert queues(kernel) == [new]
        now = new
    assert run(kernel, [(now, None)]) == []
    assert run(kernel, [(now, None)]) == []
    assert queues(kernel) == []
    assert tc("eth0")["kind"] == "noqueue"


def test_what_is_not_topos_is_seen_as_such(kernel: LinuxKernel) -> None:
    sh(f"tc -n {WEB} qdisc add dev p0 root tbf rate 1mbit burst 32kb limit 30000 peakrate 2mbit mtu 1600")
    (found,) = queues(kernel)
    assert (found.owned, found.interface, found.rate, found.burst, found.extras) == (False, "p0", 125_000, 32768, ("peakrate",))


def test_what_somebody_changes_is_changed_back(kernel: LinuxKernel) -> None:
    assert run(kernel, [(None, RATE)]) == []
    sh(f"tc -n {WEB} qdisc change dev eth0 root tbf rate 1mbit burst 32kb limit 30000 peakrate 2mbit mtu 1600")
    (found,) = queues(kernel)
    assert (found.rate, found.extras, found.owned) == (125_000, ("peakrate",), True)
    assert run(kernel, [(found, RATE)]) == []
    assert queues(kernel) == [RATE]


def test_a_kernel_without_it_is_found_out_beforehand(kernel: LinuxKernel) -> None:
    assert kernel.check([RATE]) == {}
    found = kernel.check([RATE, replace(WIRE, interface="eth0")])
    if able.has("netem"):
        assert found == {}
        return
    (error,) = found.values()
    assert error.message == "this kernel has no netem, which `delay` and `loss` and `duplicate` and `corrupt` and `reorder` need"
    assert "sch_netem" in str(error.hint)
    assert "`rate`" in str(error.hint)


@pytest.mark.needs("netem")
def test_a_wire_is_made_changed_and_taken_away(kernel: LinuxKernel) -> None:
    assert run(kernel, [(None, WIRE)]) == []
    assert queues(kernel) == [WIRE]
    options = tc("p0")["options"]
    assert options["delay"]["delay"] == pytest.approx(0.01)
    assert options["delay"]["jitter"] == pytest.approx(0.002)
    assert options["loss-random"]["loss"] == pytest.approx(0.01)
    assert options["duplicate"]["duplicate"] == pytest.approx(0.005)
    assert options["corrupt"]["corrupt"] == pytest.approx(0.001)
    assert options["reorder"]["reorder"] == pytest.approx(0.25)
    assert (options["rate"]["rate"], options["limit"], options["gap"]) == (12_500_000, 2000, 1)
    bare = replace(WIRE, duplicate=0, corrupt=0, reorder=0, rate=0, jitter=0, distribution="uniform", limit=10)
    bursts = replace(bare, loss=0, gilbert=(WHOLE // 100, WHOLE // 10, WHOLE // 3, WHOLE - 5), delay=3600 * 10**9)
    fast = replace(WIRE, rate=2**32 + 1, jitter=2**31 - 1, delay=1)
    now = WIRE
    for new in (bare, bursts, fast, *(replace(WIRE, distribution=name) for name in DISTRIBUTIONS), bare):
        assert run(kernel, [(now, new)]) == []
        assert queues(kernel) == [new]
        now = new
    assert run(kernel, [(now, None)]) == []
    assert queues(kernel) == []


@pytest.mark.needs("netem")
def test_what_no_file_can_ask_for_is_seen_and_taken_away(kernel: LinuxKernel) -> None:
    assert run(kernel, [(None, WIRE)]) == []
    sh(f"tc -n {WEB} qdisc change dev p0 root netem delay 10ms 2ms 25% loss 1% 10% ecn rate 1mbit 10 slot 1ms 2ms")
    (found,) = queues(kernel)
    assert set(found.extras) == {"correlation", "ecn", "overhead", "slot"}
    assert run(kernel, [(found, WIRE)]) == []
    assert queues(kernel) == [WIRE]


@pytest.mark.needs("netem")
def test_losses_in_bursts_are_those_of_tc(kernel: LinuxKernel) -> None:
    sh(f"tc -n {WEB} qdisc add dev p0 root handle 7470: netem loss gemodel 1% 10% 70% 0.1%")
    (found,) = queues(kernel)
    p, r, h, k = (share / WHOLE for share in found.gilbert)
    assert (p, r, h, k) == (pytest.approx(0.01), pytest.approx(0.1), pytest.approx(0.3), pytest.approx(0.999))
