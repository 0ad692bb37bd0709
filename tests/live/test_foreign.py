"""What topo did not mark is not topo's: not in the plan, not changed, not deleted while its container lives."""

from __future__ import annotations

import pytest

from tests.live.driving import Topo
from tests.live.labs import shop
from tests.live.reading import shell

pytestmark = pytest.mark.live

W = "ip -n topo.t.web "

FOREIGN = {
    "route of a daemon": (W + "route add 203.0.113.0/24 via 10.0.0.22 proto bird", W + "route show proto bird"),
    "ipv6 route of a daemon": (W + "-6 route add 2001:db8::/32 via fd00::1 proto bird", W + "-6 route show proto bird"),
    "address": (W + "address add 192.0.2.9/24 dev eth0", W + "-o address show to 192.0.2.9"),
    "link": (W + "link add d0 type veth peer name d1", W + "-o link show d0"),
    "bridge": (W + "link add b0 type bridge", W + "-o link show b0"),
    "table of nftables": (
        "ip netns exec topo.t.web nft add table inet mine",
        "ip netns exec topo.t.web nft list table inet mine",
    ),
    "neighbour": (
        W + "neighbour add 10.0.0.77 lladdr 02:00:00:00:00:77 nud permanent dev eth0",
        W + "neighbour show nud permanent to 10.0.0.77",
    ),
    "rule": (W + "rule add from 1.2.3.4 lookup 7", W + "rule show"),
    "sysctl": (
        "ip netns exec topo.t.web sysctl -qw net.ipv4.tcp_ecn=1",
        "ip netns exec topo.t.web sysctl net.ipv4.tcp_ecn",
    ),
    "link in the fabric": ("ip -n topo.t link add d0 type bridge", "ip -n topo.t -o link show d0"),
    "a namespace in no lab": ("ip netns add topical.web", "ip netns list | grep topical"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_it_stays_and_is_no_drift(topo: Topo, name: str) -> None:
    make, look = FOREIGN[name]
    topo.up(shop())
    shell(make)
    seen = shell(look)
    topo.settled(shop())
    edited = shop()
    edited["containers"]["web"]["hostname"] = "other"
    edited["containers"]["web"]["networks"][0]["mtu"] = 1400
    edited["networks"]["back"]["ageing_time"] = 60
    topo.up(edited)
    topo.settled(edited)
    assert shell(look) == seen
    shell("ip netns delete topical.web 2>/dev/null || true")


CONFLICTS = {
    "our interface's name, inside": (W + "link add lan7 type bridge", {"network": "back", "interface": "lan7"}),
    "our port's name, in the fabric": ("ip -n topo.t link add web.eth1 type bridge", {"network": "back"}),
}


# Without the operational state: the kernel (linkwatch) settles it up to a second after the interface is up.
LOOK = "(ip -n topo.t -o link; ip -n topo.t.web -o link) | sed 's/ state [A-Z]*//'; ls -R /run/topo/t/objects"


@pytest.mark.parametrize("name", CONFLICTS)
def test_a_link_in_the_way_is_named_and_nothing_is_done(topo: Topo, name: str) -> None:
    make, attachment = CONFLICTS[name]
    topo.up(shop())
    shell(make)
    edited = shop()
    edited["containers"]["web"]["networks"].append(attachment)
    edited["containers"]["one"]["hostname"] = "untouched"
    before = shell(LOOK)
    plan = topo.plan(edited)
    assert plan.code == 4
    (conflict,) = plan.data["conflicts"]
    assert conflict["hint"]
    done = topo.run("up", topo.write(edited))
    assert done.code == 4
    assert make.split()[5] in done.out + done.err
    assert "Traceback" not in done.err
    assert shell(LOOK) == before


@pytest.mark.vm
def test_an_unmarked_twin_of_what_is_desired_is_taken_over(topo: Topo) -> None:
    topo.up(shop())
    shell(W + "address add 10.0.0.10/16 dev eth0; " + W + "address delete 10.0.0.10/24 dev eth0")
    shell(W + "route replace default via 10.0.0.22 proto static")
    topo.up(shop())
    topo.settled(shop())
    assert "10.0.0.10/16" not in shell(W + "-o address show dev eth0")
    assert "via 10.0.0.1" in shell(W + "route show default")
