"""The file changes, the lab changes in place: what the edit does not name does not notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.live.driving import Topo
from tests.live.labs import CASES, shop
from tests.live.reading import indexes, inside, namespaces, shell
from tests.live.sampled import sampled
from tests.live.traffic import talk
from tests.world import able

pytestmark = pytest.mark.live

Edit = Callable[[dict[str, Any]], object]

EDITS: dict[str, tuple[Edit, dict[str, str]]] = {
    "address": (
        lambda lab: lab["containers"]["web"]["networks"][0].update(address="10.0.0.11"),
        {"containers/web/eth0/10.0.0.10/24": "delete", "containers/web/eth0/10.0.0.11/24": "create"},
    ),
    "a second address": (
        lambda lab: lab["containers"]["web"]["networks"][0].update(address=["10.0.0.10", "fd00::10"]),
        {"containers/web/eth0/fd00::10/64": "create"},
    ),
    "gateway": (lambda lab: lab["networks"]["front"].update(gateway="10.0.0.254"), {"networks/front/10.0.0.254/24": "create"}),
    "mtu of one": (lambda lab: lab["containers"]["web"]["networks"][0].update(mtu=1400), {"containers/web/eth0": "update"}),
    "larger mtu of a network": (lambda lab: lab["networks"]["front"].update(mtu=4000), {"networks/front": "update"}),
    "smaller mtu of a network": (lambda lab: lab["networks"]["back"].update(mtu=1400), {"networks/back": "update"}),
    "mac": (
        lambda lab: lab["containers"]["web"]["networks"][0].update(mac="02:00:00:00:00:77"),
        {"containers/web/eth0": "update"},
    ),
    "mac of a bridge": (lambda lab: lab["networks"]["back"].update(mac="02:00:00:00:00:78"), {"networks/back": "update"}),
    "interface": (
        lambda lab: lab["containers"]["web"]["networks"][0].update(interface="lan0"),
        {"containers/web/lan0": able.RENAMED},
    ),
    "route": (
        lambda lab: lab["containers"]["web"]["routes"][0].update(via="10.0.0.22"),
        {"containers/web/routes/198.51.100.0/24": "update"},
    ),
    "blackhole": (
        lambda lab: lab["containers"]["web"]["routes"].append({"to": "192.0.2.0/24", "type": "blackhole"}),
        {"containers/web/routes/192.0.2.0/24": "create"},
    ),
    "route gone": (
        lambda lab: lab["containers"]["web"].pop("routes"),
        {"containers/web/routes/198.51.100.0/24": "delete"},
    ),
    "sysctl": (
        lambda lab: lab["containers"]["web"]["sysctls"].update({"net.ipv4.ip_default_ttl": 42}),
        {"containers/web/sysctls/net.ipv4.ip_default_ttl": "update"},
    ),
    "sysctl gone": (
        lambda lab: lab["containers"]["web"].pop("sysctls"),
        {"containers/web/sysctls/net.ipv4.ip_default_ttl": "delete"},
    ),
    "alias": (
        lambda lab: lab["containers"]["web"]["networks"][0].update(aliases=["www"]),
        {"lab/hosts/front": "update"},
    ),
    "hostname": (
        lambda lab: lab["containers"]["web"].update(hostname="web.example"),
        {"containers/web/hostname": "create"},
    ),
    "multicast snooping": (
        lambda lab: lab["networks"]["front"].update(multicast_snooping=True),
        {"networks/front": "update"},
    ),
    "ageing time": (lambda lab: lab["networks"]["front"].update(ageing_time=60), {"networks/front": "update"}),
    "loopback": (
        lambda lab: lab["containers"]["web"]["loopback"].append("10.255.0.2/32"),
        {"containers/web/lo/10.255.0.2/32": "create"},
    ),
    "attachment": (lambda lab: lab["containers"]["web"]["networks"].append("back"), {"containers/web/eth1": "create"}),
    "attachment gone": (lambda lab: lab["containers"]["db"]["networks"].pop(), {"containers/db/eth1": "delete"}),
    "cable": (
        lambda lab: lab["links"].append({"endpoints": ["web:p1", "db:p1"], "subnet": "10.2.0.2/31"}),
        {"containers/web/p1": "create"},
    ),
    "cable gone": (lambda lab: lab.pop("links"), {"containers/web/p0": "delete"}),
    "container": (lambda lab: lab["containers"].update(new={"networks": ["front"]}), {"containers/new": "create"}),
    "container gone": (lambda lab: (lab.pop("links"), lab["containers"].pop("db")), {"containers/db": "delete"}),
    "network": (lambda lab: lab["networks"].update(third={"subnet": "10.3.0.0/24"}), {"networks/third": "create"}),
    "network gone": (
        lambda lab: (lab["networks"].pop("back"), lab["containers"]["db"]["networks"].pop()),
        {"networks/back": "delete", "containers/db/eth1": "delete"},
    ),
}


@pytest.mark.usefixtures("lan")
@pytest.mark.parametrize("family", ["192.0.2.22", "fd00:2::22"])
@pytest.mark.parametrize(("before", "after"), CASES)
def test_two_others_lose_nothing_elsewhere(topo: Topo, before: dict[str, Any], after: dict[str, Any], family: str) -> None:
    topo.up(before)
    topo.settled(before)
    numbers = indexes()
    with talk("one", "two", family):
        changes = topo.plan(after).changes
        topo.up(after)
    assert not [address for address in changes if address.startswith(("containers/one", "containers/two"))], changes
    topo.settled(after)
    topo.up(before)
    topo.settled(before)
    assert {name: indexes()[name] for name in ("topo.t.one", "topo.t.two")} == {
        name: numbers[name] for name in ("topo.t.one", "topo.t.two")
    }
    topo.down()


CONCERNS_ALL = {"gateway", "larger mtu of a network"}
"""Edits that also change the containers that talk, without their noticing."""


@pytest.mark.parametrize("name", sampled(EDITS, 4))
def test_two_others_lose_nothing(topo: Topo, name: str) -> None:
    edit, expected = EDITS[name]
    edited = shop()
    edit(edited)
    topo.up(shop())
    before, numbers = namespaces(), indexes()
    with talk("one", "two", "10.0.0.22"):
        plan = topo.plan(edited)
        topo.up(edited)
    assert expected.items() <= plan.changes.items(), plan.changes
    if name not in CONCERNS_ALL:
        assert not [address for address in plan.changes if address.startswith(("containers/one", "containers/two"))]
    topo.settled(edited)
    after = indexes()
    assert {name: before[name] for name in before if name in namespaces()}.items() <= namespaces().items()
    for namespace in ("topo.t.one", "topo.t.two"):
        assert after[namespace] == numbers[namespace]
    topo.down()


IN_PLACE = ["address", "mtu of one", "mac", "route", "sysctl", "alias", "hostname", "loopback"]
if able.RENAMED == "update":
    IN_PLACE.append("interface")


@pytest.mark.parametrize("name", sampled(IN_PLACE, 4))
def test_no_interface_of_the_edited_container_is_made_again(topo: Topo, name: str) -> None:
    edited = shop()
    EDITS[name][0](edited)
    topo.up(shop())
    before = sorted(indexes()["topo.t.web"].values())
    topo.up(edited)
    assert sorted(indexes()["topo.t.web"].values()) == before


@pytest.mark.parametrize("family", ["10.0.0.22", "fd00::22"])
@pytest.mark.parametrize(
    "edit",
    [
        lambda lab: lab["containers"]["two"]["networks"][0].update(mac="02:00:00:00:00:77"),
        lambda lab: lab["networks"]["front"].update(mtu=4000),
        lambda lab: lab["containers"]["one"].update(hostname="first", loopback=["10.255.9.9/32"]),
        lambda lab: lab["networks"].update(back={"subnet": "10.1.0.0/24", "mac": "02:00:00:00:00:79"}),
    ],
    ids=["mac", "larger mtu", "name and loopback", "mac of another bridge"],
)
def test_the_ones_who_talk_lose_only_what_the_edit_implies(topo: Topo, edit: Edit, family: str) -> None:
    edited = shop()
    edit(edited)
    topo.up(shop())
    with talk("one", "two", family):
        topo.up(edited)
    topo.settled(edited)


def test_routes_of_a_daemon_stay(topo: Topo) -> None:
    topo.up(shop())
    shell("ip -n topo.t.web route add 203.0.113.0/24 via 10.0.0.22 proto bird metric 20")
    shell("ip -n topo.t.web -6 route add 2001:db8::/32 via fd00::1 proto bird metric 20")
    edited = shop()
    edited["containers"]["web"]["networks"][0].update(address="10.0.0.11", mac="02:00:00:00:00:77", mtu=1400)
    topo.up(edited)
    assert "203.0.113.0/24" in inside("web", "ip route show proto bird").stdout
    assert "2001:db8::/32" in inside("web", "ip -6 route show proto bird").stdout
    topo.settled(edited)


def _tuned(setting: str) -> dict[str, Any]:
    return {"containers": {"a": {"sysctls": {f"net.ipv4.{setting}": 1}}}}


IPV6 = {"networks": {"f": {"subnet": ["10.0.0.0/24", "fd00::/64"]}}, "containers": {"a": {"networks": ["f"]}}}
OF_ALL: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "forwarding of all, then of one": (_tuned("ip_forward"), _tuned("conf.eth0.forwarding")),
    "forwarding of all, then of what comes": (_tuned("ip_forward"), _tuned("conf.default.forwarding")),
    "forwarding by its other name": (_tuned("ip_forward"), _tuned("conf.all.forwarding")),
    "IPv6 off, then used": ({"containers": {"a": {"sysctls": {"net.ipv6.conf.all.disable_ipv6": 1}}}}, IPV6),
    "an mtu too small for IPv6, then used": (
        {"networks": {"f": {"subnet": "10.0.0.0/24", "mtu": 1000}}, "containers": {"a": {"networks": ["f"]}}},
        IPV6,
    ),
}


@pytest.mark.parametrize("name", OF_ALL)
def test_what_is_for_all_interfaces_leaves_in_one_go(topo: Topo, name: str) -> None:
    before, after = OF_ALL[name]
    topo.up(before)
    topo.up(after)
    topo.settled(after)
    topo.up(before)
    topo.settled(before)
