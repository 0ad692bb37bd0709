"""Between two networks of a lab nothing answers, whatever the attacking container forges."""

from __future__ import annotations

import pytest

from tests.live.driving import Topo
from tests.live.reading import addresses, inside, links, shell

pytestmark = pytest.mark.live

LAB = {
    "networks": {"front": {"subnet": ["10.0.0.0/24", "fd00::/64"]}, "back": {"subnet": ["10.1.0.0/24", "fd01::/64"]}},
    "containers": {
        "evil": {"networks": ["front"]},
        "friend": {"networks": ["front"]},
        "good": {"networks": ["back"]},
    },
}
E = "ip -n topo.t.evil "
TARGETS = ("10.1.0.1", "10.1.0.2", "10.1.0.255", "fd01::1", "fd01::2")

FORGED = {
    "nothing": "true",
    "a route by the gateway": f"{E}route add 10.1.0.0/24 via 10.0.0.1; {E}-6 route add fd01::/64 via fd00::1",
    "a route on the link": f"{E}route add 10.1.0.0/24 dev eth0; {E}-6 route add fd01::/64 dev eth0",
    "an address of the other network": (f"{E}address add 10.1.0.99/24 dev eth0; {E}address add fd01::99/64 dev eth0 nodad"),
    "the gateway's MAC for all": (
        f"{E}route add 10.1.0.0/24 dev eth0; {E}-6 route add fd01::/64 dev eth0;"
        f"for a in 10.1.0.1 10.1.0.2 fd01::1 fd01::2; do {E}neighbour replace $a lladdr FRONT nud permanent dev eth0; done"
    ),
    "the other bridge's MAC": (
        f"{E}route add 10.1.0.0/24 dev eth0; {E}-6 route add fd01::/64 dev eth0;"
        f"for a in 10.1.0.1 10.1.0.2 fd01::1 fd01::2; do {E}neighbour replace $a lladdr BACK nud permanent dev eth0; done"
    ),
    "the victim's address as source": (
        f"{E}address add 10.1.0.2/32 dev eth0; {E}route add 10.1.0.1/32 via 10.0.0.1 src 10.1.0.2;"
        f"{E}neighbour replace 10.0.0.1 lladdr FRONT nud permanent dev eth0"
    ),
}


@pytest.mark.parametrize("host_forwards", [False, True], ids=["host", "host that forwards"])
@pytest.mark.parametrize("name", FORGED)
def test_nothing_of_the_other_network_answers(topo: Topo, name: str, host_forwards: bool) -> None:
    knob = "net.ipv4.ip_forward={0} net.ipv6.conf.all.forwarding={0}"
    shell("sysctl -qw " + knob.format(int(host_forwards)))
    try:
        topo.up(LAB)
    finally:
        shell("sysctl -qw " + knob.format(0))
    macs = {device: links("topo.t")[device]["address"] for device in ("front", "back")}
    shell(FORGED[name].replace("FRONT", macs["front"]).replace("BACK", macs["back"]))
    shell("ip -n topo.t neighbour flush all; ip -n topo.t.evil neighbour flush nud reachable 2>/dev/null || true")
    _watched(TARGETS)
    assert not inside("evil", "ping -c1 -W1 10.0.0.3").returncode
    assert not inside("evil", "ping -c1 -W1 fd00::3").returncode
    topo.down()


def _watched(targets: tuple[str, ...]) -> None:
    """Pings all at once, and none is answered by an address of the other network."""
    probes = " ".join(targets)
    script = f"for t in {probes}; do (ping -b -n -c2 -i0.2 -W1 $t 2>&1 | sed 's/^/'$t' /') & done; wait"
    said = shell(f"ip netns exec topo.t.evil sh -c '{script}'".replace("sed 's/^/'$t' /'", 'sed "s/^/$t /"'))
    own = addresses("topo.t.evil", "eth0")
    answers = [line for line in said.splitlines() if "bytes from" in line]
    assert not [line for line in answers if not any(address.split("/")[0] in line for address in own)], said


def test_it_is_the_rules_that_keep_silence(topo: Topo) -> None:
    """An attack that never works would prove nothing."""
    topo.up(LAB)
    shell(FORGED["a route by the gateway"])
    shell("ip netns exec topo.t nft flush ruleset")
    assert not inside("evil", "ping -c1 -W1 10.1.0.1").returncode
    assert not inside("evil", "ping -c1 -W1 fd01::1").returncode
    topo.up(LAB)
    assert inside("evil", "ping -c1 -W1 10.1.0.1").returncode
    assert inside("evil", "ping -c1 -W1 fd01::1").returncode


def test_the_link_local_of_the_other_bridge(topo: Topo) -> None:
    topo.up(LAB)
    (link,) = [address.split("/")[0] for address in addresses("topo.t", "back") if address.startswith("fe80")]
    assert inside("evil", f"ping -c1 -W1 {link}%eth0").returncode
    assert not inside("good", f"ping -c1 -W1 {link}%eth0").returncode


def test_a_container_on_both_does_not_forward_unless_asked(topo: Topo) -> None:
    both = {**LAB, "containers": {**LAB["containers"], "both": {"networks": ["front", "back"]}}}
    shell("sysctl -qw net.ipv4.ip_forward=1")
    try:
        topo.up(both)
    finally:
        shell("sysctl -qw net.ipv4.ip_forward=0")
    shell(f"{E}route add 10.1.0.0/24 via 10.0.0.4; ip -n topo.t.good route add 10.0.0.0/24 via 10.1.0.3")
    assert inside("evil", "ping -c1 -W1 10.1.0.2").returncode
    both["containers"]["both"] = {"networks": ["front", "back"], "sysctls": {"net.ipv4.ip_forward": 1}}
    topo.up(both)
    assert not inside("evil", "ping -c1 -W1 10.1.0.2").returncode
    topo.settled(both)


def test_between_labs_and_to_the_host_nothing(topo: Topo) -> None:
    file = topo.write(LAB)
    topo.ok("up", "--name", "x", file)
    topo.ok("up", "--name", "y", file)
    assert not inside("evil", "ping -c1 -W1 10.0.0.3", "x").returncode
    shell("ip netns delete topo.y.friend")
    assert not inside("evil", "ping -c1 -W1 10.0.0.3", "x").returncode
    assert inside("evil", "ping -c1 -W1 198.51.100.1", "x").returncode
    assert shell("ping -c1 -W1 10.0.0.2 || echo silence").endswith("silence\n")


def test_no_packet_crosses_while_the_lab_comes_up(topo: Topo) -> None:
    topo.up({**LAB, "containers": {"evil": LAB["containers"]["evil"]}})
    shell(f"{E}route add 10.1.0.0/24 via 10.0.0.1")
    before = shell("ip netns exec topo.t nft list ruleset")
    topo.up(LAB)
    assert shell("ip netns exec topo.t nft list ruleset") == before
    assert inside("evil", "ping -c1 -W1 10.1.0.2").returncode
