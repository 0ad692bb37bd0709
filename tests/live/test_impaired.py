"""Links that behave: rates, cables that are pulled, and what somebody did to them. What needs netem is in a kernel with it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.live.driving import Topo
from tests.live.measuring import answered, keeps, rate, round_trip
from tests.live.reading import shell
from tests.live.traffic import talk
from tests.world import able

pytestmark = pytest.mark.live


def lab(keys: dict[str, Any] | None = None, **attachment: Any) -> dict[str, Any]:
    link = {"endpoints": ["a:p0", "b:p0"], "subnet": ["10.1.0.0/31", "fd01::/127"]} | (keys or {})
    return {
        "networks": {"n": {"subnet": "10.0.0.0/24"}},
        "containers": {
            "a": {"networks": [{"network": "n", **attachment}], "routes": [{"to": "10.9.0.0/16", "via": "10.1.0.1"}]},
            "b": {"networks": ["n"]},
        },
        "links": [link],
    }


def queue(container: str, interface: str) -> str:
    return shell(f"tc -n topo.t.{container} qdisc show dev {interface} root")


def test_a_rate_is_kept_and_changes_under_traffic(topo: Topo) -> None:
    topo.up(lab(rate="100mbit"))
    topo.settled(lab(rate="100mbit"))
    with talk("a", "b", "10.0.0.3"):
        edited = lab(rate="50mbit")
        assert topo.plan(edited).changes == {"containers/a/eth0/qdisc": "update"}
        topo.up(edited)
        topo.settled(edited)
    topo.up(lab())
    topo.settled(lab())
    assert "noqueue" in queue("a", "eth0")


def test_adding_one_disturbs_nobody_else(topo: Topo) -> None:
    topo.up(lab())
    # Its own traffic stops for a moment: while the kernel hangs a queue in, the interface has one that drops (dev_deactivate).
    with talk("a", "b", "10.0.0.3"), talk("b", "a", "10.1.0.0", interrupted=True):
        topo.up(lab({"rate": "20mbit"}))
    assert "tbf 7470:" in queue("a", "p0")
    assert "tbf 7470:" in queue("b", "p0")


def test_what_arrives_is_what_the_file_says(topo: Topo) -> None:
    topo.up(lab({"forward": {"rate": "4mbit"}, "reverse": {"rate": "16mbit"}}, rate="8mbit"))
    assert keeps(rate("a", "b", "10.1.0.1", 2), 4e6)
    assert keeps(rate("b", "a", "10.1.0.0", 4), 16e6)
    assert keeps(rate("a", "b", "10.0.0.3", 3), 8e6)


@pytest.mark.parametrize(
    ("by_hand", "what"),
    [
        ("tc -n topo.t.a qdisc change dev p0 root tbf rate 1mbit burst 32kb limit 30000", "update"),
        ("tc -n topo.t.a qdisc delete dev p0 root", "create"),
    ],
)
def test_what_somebody_did_is_seen_and_undone(topo: Topo, by_hand: str, what: str) -> None:
    document = lab({"rate": "20mbit"})
    topo.up(document)
    shell(by_hand)
    assert topo.plan(document).changes == {"containers/a/p0/qdisc": what}
    topo.up(document)
    topo.settled(document)


def test_one_that_is_not_topos_is_in_the_way(topo: Topo) -> None:
    topo.up(lab())
    shell("tc -n topo.t.a qdisc add dev p0 root handle 1: tbf rate 1mbit burst 32kb limit 30000")
    topo.settled(lab())
    plan = topo.plan(lab({"rate": "20mbit"}))
    assert plan.code == 4
    (conflict,) = plan.data["conflicts"]
    assert conflict["address"] == "containers/a/p0/qdisc"
    assert "tc -n topo.t.a qdisc delete dev p0 root" in conflict["hint"]


def test_a_cable_is_pulled_and_plugged_in(topo: Topo) -> None:
    topo.up(lab())
    with talk("a", "b", "10.0.0.3"):
        topo.up(lab({"up": False}))
        topo.settled(lab({"up": False}))
        assert "10.9.0.0" not in shell("ip -n topo.t.a route")
        topo.up(lab())
        topo.settled(lab())
    assert "10.9.0.0/16 via 10.1.0.1" in shell("ip -n topo.t.a route")
    with talk("a", "b", "fd01::1"):
        pass


def test_an_interface_takes_its_queue_along(topo: Topo) -> None:
    before, after = lab(rate="20mbit"), lab(rate="20mbit", interface="wan")
    topo.up(before)
    assert topo.plan(after).changes["containers/a/wan"] == able.RENAMED
    topo.up(after)
    topo.settled(after)


def test_it_is_shown(topo: Topo) -> None:
    topo.up(lab(rate="20mbit"))
    said = topo.ok("show", "--name", "t").out
    assert "sends by tbf: rate 20mbit" in said


def test_a_kernel_without_netem_says_so_before_anything_is_touched(topo: Topo) -> None:
    document = lab({"delay": "10ms", "loss": "1%"})
    if able.has("netem"):
        topo.up(document)
        topo.settled(document)
        return
    done = topo.run("up", topo.write(document))
    assert done.code == 3
    assert "this kernel has no netem, which `delay` and `loss` need" in done.err
    assert "sch_netem" in done.err
    assert "t" not in topo.run("ls").out.split()


NETEM = pytest.mark.needs("netem")
EDITS: list[dict[str, Any]] = [
    {"delay": "20ms"},
    {"delay": "20ms", "jitter": "5ms", "distribution": "normal"},
    {"delay": "20ms", "jitter": "5ms", "distribution": "paretonormal", "loss": "1%"},
    {"delay": "20ms", "jitter": "5ms", "loss": {"p": "1%", "r": "10%", "h": "30%", "k": "99.9%"}},
    {"delay": "20ms", "duplicate": "1%", "corrupt": "0.01%", "reorder": "25%", "rate": "1.5gbit", "limit": 500},
    {"delay": "20ms", "rate": "20mbit", "burst": "64kb"},
    {"delay": "20ms", "rate": "40mbit", "burst": "32kb"},
    {"forward": {"delay": "3ms"}, "reverse": {"rate": "20mbit"}},
    {},
]


@NETEM
def test_every_option_is_edited_in_place(topo: Topo) -> None:
    topo.up(lab({"delay": "1ms"}))
    with talk("a", "b", "10.0.0.3"):
        for keys in EDITS:
            topo.up(lab(keys))
            topo.settled(lab(keys))


@NETEM
def test_a_rate_beside_a_delay_is_what_arrives(topo: Topo) -> None:
    for more in ({}, {"burst": "64kb"}):
        topo.up(lab({"delay": "5ms", "forward": {"rate": "8mbit", **more}}))
        assert keeps(rate("a", "b", "10.1.0.1", 3), 8e6)


@NETEM
def test_delay_and_loss_are_those_of_the_file(topo: Topo) -> None:
    topo.up(lab({"forward": {"delay": "100ms"}, "reverse": {"delay": "50ms"}}))
    assert 150 <= round_trip("a", "10.1.0.1") < 180
    topo.up(lab({"forward": {"loss": "50%"}}))
    assert 60 < answered("a", "10.1.0.1", 200) < 140


@NETEM
def test_a_delay_changes_under_traffic_and_loses_nothing(topo: Topo) -> None:
    topo.up(lab({"delay": "5ms"}))
    with talk("a", "b", "10.1.0.1"):
        for delay in ("10ms", "20ms", "2ms"):
            topo.up(lab({"delay": delay}))
