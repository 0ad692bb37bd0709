"""Something is changed by hand: the plan says what it is, and `up` repairs it with the smallest change."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.live.driving import Topo
from tests.live.labs import shop
from tests.live.reading import indexes, namespaces, shell
from tests.live.sampled import sampled
from tests.world import able

pytestmark = pytest.mark.live

W, F = "ip -n topo.t.web ", "ip -n topo.t "
ETH0 = "containers/web/eth0"
MARKING = f"ip netns exec topo.t.web {sys.executable} {Path(__file__).with_name('marking.py')}"
DEFAULT = "containers/web/routes/default"

DRIFTS: dict[str, tuple[str, dict[str, str]]] = {
    "address removed": (W + "address delete fd00::2/64 dev eth0", {f"{ETH0}/fd00::2/64": "create"}),
    "second address of its own kind": (
        W + "address delete 10.255.0.1/32 dev lo",
        {"containers/web/lo/10.255.0.1/32": "create"},
    ),
    "address changed": (
        f"{W}address delete 10.2.0.0/31 dev p0; {W}address add 10.2.0.4/31 dev p0",
        {"containers/web/p0/10.2.0.0/31": "create"},
    ),
    "address of a gateway removed": (
        F + "address delete 10.1.0.1/24 dev back",
        {"networks/back/10.1.0.1/24": "create", "networks/back/neighbours/10.1.0.2": "create"},
    ),
    "mark of an address cleared": (
        f"{W}address delete 10.255.0.1/32 dev lo; {MARKING} lo 10.255.0.1/32 0",
        {"containers/web/lo/10.255.0.1/32": able.REMARKED},
    ),
    "mtu": (W + "link set eth0 mtu 1400", {ETH0: "update"}),
    "mtu of the port": (F + "link set web.eth0 mtu 1400", {ETH0: "update"}),
    "mac": (f"{W}link set p0 address 02:00:00:00:00:99", {"containers/web/p0": "update"}),
    "port down": (F + "link set web.eth0 down", {ETH0: "update"}),
    "port off its bridge": (F + "link set web.eth0 nomaster", {ETH0: "update"}),
    "default route deleted": (W + "route delete default", {DEFAULT: "create"}),
    "default route replaced": (W + "route replace default via 10.0.0.22 proto 116", {DEFAULT: "update"}),
    "route of the file deleted": (
        W + "route delete 198.51.100.0/24",
        {"containers/web/routes/198.51.100.0/24": "create"},
    ),
    "sysctl": (
        "ip netns exec topo.t.web sysctl -qw net.ipv4.ip_default_ttl=7",
        {"containers/web/sysctls/net.ipv4.ip_default_ttl": "update"},
    ),
    "sysctl of the fabric": (
        "ip netns exec topo.t sysctl -qw net.ipv4.conf.all.arp_ignore=0",
        {"lab/sysctls/net.ipv4.conf.all.arp_ignore": "update"},
    ),
    "forwarding of an interface": ("ip netns exec topo.t.web sysctl -qw net.ipv4.conf.eth0.forwarding=1", {ETH0: "update"}),
    "bridge option": (F + "link set back type bridge ageing_time 1000", {"networks/back": "update"}),
    "multicast snooping": (F + "link set back type bridge mcast_snooping 1", {"networks/back": "update"}),
    "bridge down": (
        F + "link set back down",
        {"networks/back": "update", "networks/back/neighbours/10.1.0.2": "create"},
    ),
    "rules flushed": ("ip netns exec topo.t nft flush ruleset", {"lab/firewall": "create", "lab/firewall/bridge": "create"}),
    "one rule deleted": (
        "h=$(ip netns exec topo.t nft -a list table inet topo | sed -n 's/.*drop.*# handle //p' | tail -1);"
        "c=$(ip netns exec topo.t nft -a list table inet topo | awk '/chain/{c=$2} /drop.*# handle /{last=c} END{print last}');"
        "ip netns exec topo.t nft delete rule inet topo $c handle $h",
        {"lab/firewall": "update"},
    ),
    "a rule added": ("ip netns exec topo.t nft add rule inet topo forward accept", {"lab/firewall": "update"}),
    "neighbour of the gateway": (W + "neighbour delete 10.0.0.1 dev eth0", {"containers/web/eth0/neighbours/10.0.0.1": "create"}),
    "neighbour in the fabric": (F + "neighbour delete 10.0.0.10 dev front", {"networks/front/neighbours/10.0.0.10": "create"}),
    "a second default route": (W + "route append default via 10.0.0.22 proto 116", {DEFAULT: "delete"}),
    "a second default route, before ours": (W + "route prepend default via 10.0.0.22 proto 116", {DEFAULT: "delete"}),
    "reverse path filter of all": (
        "ip netns exec topo.t.web sysctl -qw net.ipv4.conf.all.rp_filter=1",
        {"containers/web/sysctls/net.ipv4.conf.all.rp_filter": "delete"},
    ),
    "IPv6 forwarding of the fabric": (
        "ip netns exec topo.t sysctl -qw net.ipv6.conf.all.forwarding=1",
        {"lab/sysctls/net.ipv6.conf.all.forwarding": "delete"},
    ),
    "IPv6 of lo off": ("ip netns exec topo.t.web sysctl -qw net.ipv6.conf.lo.disable_ipv6=1", {"containers/web/lo": "update"}),
    "marks of sysctls that are nonsense": ("echo evil >> /run/topo/t/objects/sysctls/topo.t.web", {}),
    "hosts file a folder": ("cd /run/topo/t/objects/hosts; rm front; mkdir front", {"lab/hosts/front": "create"}),
    "hosts file edited": ("echo 1.2.3.4 evil >> /run/topo/t/objects/hosts/front", {"lab/hosts/front": "update"}),
    "hosts file deleted": ("rm /run/topo/t/objects/hosts/front", {"lab/hosts/front": "create"}),
    "a file added": ("echo x > /run/topo/t/objects/hosts/nothing", {"lab/hosts/nothing": "delete"}),
    "an extra route with the mark": (
        W + "route add 192.0.2.0/24 via 10.0.0.1 proto 116",
        {"containers/web/routes/192.0.2.0/24": "delete"},
    ),
    "an extra address with the mark": (
        f"{MARKING} eth0 10.0.0.99/24 116",
        {f"{ETH0}/10.0.0.99/24": "delete"},
    ),
    "lo down": (W + "link set lo down", {"containers/web/lo": "update"}),
}

TAKES_MORE: dict[str, tuple[str, dict[str, str]]] = {
    "forwarding": (
        "ip netns exec topo.t.web sysctl -qw net.ipv4.ip_forward=1",
        {"containers/web/sysctls/net.ipv4.ip_forward": "delete", ETH0: "update"},
    ),
    "IPv6 off": (
        "ip netns exec topo.t.web sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1",
        {ETH0: "update", f"{ETH0}/fd00::2/64": "create"},
    ),
    "mtu too small for IPv6": (W + "link set eth0 mtu 1000", {ETH0: "update", f"{ETH0}/fd00::2/64": "create"}),
    "hosts file a folder with a file in it": (
        "cd /run/topo/t/objects/hosts; rm front; mkdir front; touch front/x",
        {"lab/hosts/front": "create"},
    ),
    "all files and marks gone": (
        "rm -r /run/topo/t",
        {"lab/hosts/front": "create", "containers/web/sysctls/net.ipv4.ip_default_ttl": "create"},
    ),
    "a second pin of a namespace": (
        "umount -n /run/netns/topo.t.web; mount -n --bind /run/netns/topo.t.db /run/netns/topo.t.web",
        {"containers/web": "create", ETH0: "create"},
    ),
    "the main address removed": (W + "address delete 10.0.0.10/24 dev eth0", {f"{ETH0}/10.0.0.10/24": "create"}),
    "interface down": (W + "link set eth0 down", {ETH0: "update"}),
    "interface deleted inside": (W + "link delete eth0", {ETH0: "create"}),
    "interface deleted outside": (F + "link delete web.eth0", {ETH0: "create"}),
    "cable deleted": (W + "link delete p0", {"containers/web/p0": "create"}),
    "bridge deleted": (F + "link delete back", {"networks/back": "create"}),
    "namespace deleted": ("ip netns delete topo.t.web", {"containers/web": "create", ETH0: "create"}),
    "fabric deleted": ("ip netns delete topo.t", {"lab/fabric": "create", "networks/front": "create", ETH0: "create"}),
    "an extra interface with the mark": (
        W + "link add x type veth peer name y && ip -n topo.t.web link set x group 1946157058",
        {"containers/web/x": "delete"},
    ),
    "a namespace of the lab": ("ip netns add topo.t.extra", {"containers/extra": "delete"}),
    "a plain file where a namespace was": (
        "ip netns delete topo.t.web; touch /run/netns/topo.t.web",
        {"containers/web": "create"},
    ),
}


if able.RENAMED == "update":
    DRIFTS["interface renamed"] = (W + "link set p0 name q0", {"containers/web/p0": "update"})
    DRIFTS["bridge renamed"] = (F + "link set back name kcab", {"networks/back": "update"})
else:  # whoever renames it, has to take it down
    _renamed = "{0}link set {1} down; {0}link set {1} name {2}; {0}link set {2} up".format
    TAKES_MORE["interface renamed"] = (_renamed(W, "p0", "q0"), {"containers/web/p0": "replace"})
    TAKES_MORE["bridge renamed"] = (_renamed(F, "back", "kcab"), {"networks/back": "replace"})


@pytest.mark.parametrize("name", sampled(DRIFTS, 7))
def test_one_drift_is_one_change(topo: Topo, name: str) -> None:
    command, expected = DRIFTS[name]
    topo.up(shop())
    numbers = indexes()
    shell(command)
    assert topo.plan(shop()).changes == expected
    topo.up(shop())
    topo.settled(shop())
    repaired = indexes()
    assert repaired == numbers


@pytest.mark.parametrize("name", sampled(TAKES_MORE, 5))
def test_a_drift_that_takes_other_things_along(topo: Topo, name: str) -> None:
    command, expected = TAKES_MORE[name]
    topo.up(shop())
    before = namespaces()
    shell(command)
    changes = topo.plan(shop()).changes
    assert expected.items() <= changes.items(), changes
    assert not [address for address in changes if address.startswith(("containers/one/", "containers/two/"))] or (
        name == "fabric deleted"
    )
    topo.up(shop())
    topo.settled(shop())
    same = {"topo.t.one", "topo.t.two", "topo.t.db"}
    assert {name: before[name] for name in same}.items() <= namespaces().items()
