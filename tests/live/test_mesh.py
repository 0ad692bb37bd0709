"""Pairs on a bridge: what goes from the one container to the other, and nothing else, is impaired; edits disturb nobody else."""

from __future__ import annotations

import copy
from contextlib import ExitStack
from typing import Any

import pytest

from tests.live.driving import Topo
from tests.live.measuring import answered, keeps, rate, round_trip
from tests.live.reading import shell
from tests.live.traffic import talk
from tests.world import able

pytestmark = pytest.mark.live

HQ, ALPHA, BRAVO = "10.0.0.2", "10.0.0.3", "10.0.0.4"
RATE = {"between": ["hq", "alpha"], "rate": "100mbit"}
OTHER = {"from": "bravo", "to": "alpha", "rate": "50mbit"}
TO_ALPHA = "networks/mesh/impair/hq.eth0->alpha.eth0"
TO_HQ = "networks/mesh/impair/alpha.eth0->hq.eth0"
FROM_BRAVO = "networks/mesh/impair/bravo.eth0->alpha.eth0"


def mesh(*pairs: dict[str, Any], **network: Any) -> dict[str, Any]:
    impair = {"impair": list(pairs)} if pairs else {}
    return {
        "networks": {"mesh": {"subnet": ["10.0.0.0/24", "fd00::/64"], **network, **impair}},
        "containers": {name: {"networks": ["mesh"]} for name in ("hq", "alpha", "bravo")},
    }


def test_a_pair_changes_comes_and_goes_and_no_other_packet_is_lost(topo: Topo) -> None:
    topo.up(mesh(RATE))
    topo.settled(mesh(RATE))
    slower = mesh(RATE | {"rate": "50mbit", "burst": "64kb"})
    one_way = mesh(OTHER, RATE | {"rate": "50mbit", "burst": "64kb"})
    left = mesh(RATE)
    with ExitStack() as talking:
        for one, other, address in (("hq", "alpha", ALPHA), ("hq", "bravo", BRAVO), ("alpha", "bravo", "fd00::4")):
            talking.enter_context(talk(one, other, address))
        assert topo.plan(slower).changes == {TO_ALPHA: "update", TO_HQ: "update"}
        topo.up(slower)
        topo.settled(slower)
        assert topo.plan(one_way).changes == {FROM_BRAVO: "create"}
        topo.up(one_way)
        topo.settled(one_way)
        assert topo.plan(left).changes == {TO_ALPHA: "update", TO_HQ: "update", FROM_BRAVO: "delete"}
        topo.up(left)
        topo.settled(left)
    topo.up(mesh())
    topo.settled(mesh())
    assert "htb" not in shell("tc -n topo.t qdisc show")


def test_a_stream_has_the_rate_of_its_pair_and_others_have_not(topo: Topo) -> None:
    topo.up(mesh({"from": "hq", "to": "alpha", "rate": "4mbit"}, {"from": "alpha", "to": "hq", "rate": "8mbit"}))
    assert keeps(rate("hq", "alpha", ALPHA, 2), 4e6)
    assert keeps(rate("alpha", "hq", HQ, 3), 8e6)
    assert rate("hq", "bravo", BRAVO, 10) > 16e6
    assert rate("bravo", "alpha", ALPHA, 10) > 16e6


def test_what_it_sends_at_all_comes_before(topo: Topo) -> None:
    document = mesh({"from": "hq", "to": "alpha", "rate": "100mbit"})
    document["containers"]["hq"]["networks"] = [{"network": "mesh", "rate": "8mbit"}]
    topo.up(document)
    topo.settled(document)
    assert keeps(rate("hq", "alpha", ALPHA, 3), 8e6)


@pytest.mark.parametrize(
    ("by_hand", "changes"),
    [
        ("tc -n topo.t qdisc delete dev alpha.eth0 root", {"networks/mesh/alpha.eth0/qdisc": "create", TO_ALPHA: "create"}),
        ("tc -n topo.t filter delete dev alpha.eth0 parent 7470:", {TO_ALPHA.replace("hq.eth0", "7470:b36"): "update"}),
        ("tc -n topo.t qdisc change dev alpha.eth0 parent 7470:b36 tbf rate 1mbit burst 32kb limit 30000", {TO_ALPHA: "update"}),
    ],
)
def test_what_somebody_did_is_seen_and_undone(topo: Topo, by_hand: str, changes: dict[str, str]) -> None:
    topo.up(mesh(RATE))
    shell(by_hand)
    found = topo.plan(mesh(RATE)).changes
    assert {address.replace("hq.eth0", "7470:b36"): what for address, what in found.items()} == {
        address.replace("hq.eth0", "7470:b36"): what for address, what in changes.items()
    }
    topo.up(mesh(RATE))
    topo.settled(mesh(RATE))


@pytest.mark.parametrize("name", ["hq", "alpha"])
@pytest.mark.parametrize("keys", [{"interface": "wan0"}, {"mac": "02:00:00:00:00:07"}, {"mtu": 1400}])
def test_it_follows_both_of_its_ends(topo: Topo, name: str, keys: dict[str, Any]) -> None:
    before = mesh(RATE, OTHER)
    after = copy.deepcopy(before)
    after["containers"][name]["networks"] = [{"network": "mesh", **keys}]
    for document in (before, after, before):
        topo.up(document)
        topo.settled(document)
        assert "parent 7470:b36 rate 100Mbit" in shell("tc -n topo.t qdisc show")


@pytest.mark.parametrize("name", ["hq", "alpha"])
def test_a_container_is_replaced_by_another(topo: Topo, name: str) -> None:
    before, after = mesh(RATE, OTHER), mesh(RATE, OTHER)
    after["containers"][name] = {"networks": [{"network": "mesh", "address": "10.0.0.9"}]}
    gone = mesh(RATE if name == "none" else {"between": ["bravo", "hq" if name == "alpha" else "alpha"], "rate": "1mbit"})
    del gone["containers"][name]
    for document in (before, gone, after, before):
        topo.up(document)
        topo.settled(document)
    shell(f"ip -n topo.t link delete {name}.eth0")
    topo.up(before)
    topo.settled(before)


def test_replicas_are_each_with_each(topo: Topo) -> None:
    document = {
        "networks": {"mesh": {"subnet": "10.0.0.0/24", "impair": [{"between": ["node", "node"], "rate": "10mbit"}]}},
        "containers": {"node": {"networks": ["mesh"], "replicas": 4}},
    }
    topo.up(document)
    topo.settled(document)
    assert shell("tc -n topo.t qdisc show").count("qdisc tbf") == 12


def test_it_is_shown(topo: Topo) -> None:
    topo.up(mesh(RATE, OTHER))
    said = topo.ok("show", "--name", "t").out
    assert "pairs on network mesh\n  alpha -> hq: rate 100mbit, burst 25000b, limit" in said
    assert "  bravo -> alpha: rate 50mbit" in said
    pairs = topo.ok("show", "--name", "t", "--json").json["pairs"]
    assert [(pair["from"]["container"], pair["to"]["container"]) for pair in pairs] == [
        ("alpha", "hq"),
        ("bravo", "alpha"),
        ("hq", "alpha"),
    ]


def test_a_kernel_without_netem_names_the_pair(topo: Topo) -> None:
    document = mesh(OTHER, {"from": "hq", "to": "alpha", "delay": "15ms", "loss": "1%"})
    if able.has("netem"):
        topo.up(document)
        topo.settled(document)
        return
    done = topo.run("up", topo.write(document))
    assert done.code == 3
    assert "this kernel has no netem, which `delay` and `loss` need" in done.err
    assert "networks.mesh.impair.hq.eth0->alpha.eth0" in done.err
    assert "t" not in topo.run("ls").out.split()


EDITS: list[dict[str, Any]] = [
    {"delay": "20ms"},
    {"delay": "20ms", "jitter": "5ms", "distribution": "normal", "loss": "1%"},
    {"delay": "20ms", "jitter": "5ms", "loss": {"p": "1%", "r": "10%", "h": "30%", "k": "99.9%"}},
    {"delay": "20ms", "duplicate": "1%", "corrupt": "0.01%", "reorder": "25%", "rate": "1.5gbit", "limit": 500},
    {"delay": "3ms", "rate": "20mbit", "burst": "64kb"},
    {"delay": "3ms", "rate": "30mbit", "burst": "32kb"},
    {"delay": "3ms", "rate": "30mbit"},
    {"rate": "20mbit"},
    {"loss": "1%"},
]


@pytest.mark.needs("netem")
def test_every_option_is_edited_in_place_beside_another_pair(topo: Topo) -> None:
    still = {"between": ["hq", "bravo"], "delay": "2ms"}
    topo.up(mesh(still, RATE))
    refused = {"duplicate"} if not able.has("duplicate beside a delay") else set[str]()
    with talk("bravo", "alpha", ALPHA), talk("bravo", "hq", "fd00::2"):
        for edit in EDITS:
            keys = {key: value for key, value in edit.items() if key not in refused}
            if keys != edit:
                # Also where nothing but the other one is new: what is there is asked about with it.
                done = topo.run("up", topo.write(mesh(still, {"between": ["hq", "alpha"], **edit})))
                assert done.code == 3
                assert "this kernel takes no `duplicate` beside another delay or loss" in done.err
            document = mesh(still, {"between": ["hq", "alpha"], **keys})
            assert set(topo.plan(document).changes.values()) <= {"update"}
            topo.up(document)
            topo.settled(document)


@pytest.mark.needs("netem")
def test_delay_and_loss_are_those_of_the_pair(topo: Topo) -> None:
    topo.up(mesh({"between": ["hq", "alpha"], "delay": "100ms", "reverse": {"delay": "50ms"}}))
    assert 150 <= round_trip("hq", ALPHA) < 180
    assert round_trip("hq", BRAVO) < 30
    assert round_trip("bravo", ALPHA) < 30
    topo.up(mesh({"from": "hq", "to": "alpha", "loss": "50%"}, {"from": "hq", "to": "bravo", "loss": "100%"}))
    assert 60 < answered("hq", ALPHA, 200) < 140
    assert answered("alpha", BRAVO, 50) == 50
    # Of what goes to all, each has a copy: one pair loses its own.
    topo.up(mesh({"from": "hq", "to": "bravo", "loss": "100%"}))
    said = shell("ip netns exec topo.t.hq ping -c 20 -i 0.05 -n -I eth0 ff02::1 || true")
    assert "fe80::42:aff:fe00:4" not in said
    assert "fe80::42:aff:fe00:3" in said
