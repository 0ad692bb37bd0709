"""What was executed is what is observed: every kind, every field, and what others have done since."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernel.linux import small_lab
from tests.kernel.linux.small_lab import DB, FABRIC, LAB, WEB, ip, seen, sh
from topo.kernel.linux import LinuxKernel, pins
from topo.kernel.protocol import Scope
from topo.objects import Object, mark
from topo.objects.address import Address
from topo.objects.interface import Interface
from topo.objects.neighbour import Neighbour
from topo.objects.route import Route
from topo.objects.settings import BASELINE
from topo.objects.veth import Veth

pytestmark = pytest.mark.live


def test_what_was_executed_is_observed(kernel: LinuxKernel) -> None:
    found = seen(kernel)
    for thing in small_lab.lab():
        assert found.get(thing.key) == thing
        assert found[thing.key].owner == thing.owner
    assert {key for key, thing in found.items() if thing.owned} == {thing.key for thing in small_lab.lab()}


def test_iproute2_sees_the_same(kernel: LinuxKernel) -> None:
    (eth0,) = ip(WEB, "link show eth0")
    assert (eth0["ifindex"], eth0["address"], eth0["mtu"]) == (2, "02:42:ac:11:00:02", 1500)
    assert (int(eth0["group"]), eth0["link_netnsid"]) == (mark.of_attachment("front", 0), 0)
    assert (eth0["operstate"], eth0["inet6_addr_gen_mode"]) == ("UP", "none")
    (port,) = ip(FABRIC, "link show web.eth0")
    assert (port["master"], port["operstate"], port["link_index"]) == ("front", "UP", 2)
    assert port["linkinfo"]["info_slave_data"]["state"] == "forwarding"
    (bridge,) = ip(FABRIC, "link show front")
    assert bridge["linkinfo"]["info_data"]["mcast_snooping"] == 0
    (default,) = ip(WEB, "route show default")
    assert (default["gateway"], default["protocol"]) == ("172.17.0.1", "116")
    (known,) = ip(FABRIC, "neigh show 172.17.0.2")
    assert (known["lladdr"], known["state"]) == ("02:42:ac:11:00:02", ["PERMANENT"])


def test_the_wiring_is_shown(kernel: LinuxKernel) -> None:
    veth = next(thing for thing in seen(kernel).values() if isinstance(thing, Veth) and thing.end.name == "eth0")
    assert (veth.end.index, veth.end.peer_nsid, veth.peer.port_state) == (2, 0, "forwarding")
    assert veth.peer.index in {link["ifindex"] for link in ip(FABRIC, "link")}


def test_a_bridge_keeps_its_mtu_when_a_small_port_joins(kernel: LinuxKernel) -> None:
    sh(f"ip -n {FABRIC} link add name small mtu 1300 master front type veth peer name small2")
    assert [link["mtu"] for link in ip(FABRIC, "link show front")] == [1500]


def test_what_is_not_topos_is_seen_as_such(kernel: LinuxKernel) -> None:
    sh(
        f"ip -n {WEB} address add 10.5.5.5/24 dev eth0",
        f"ip -n {WEB} address add 10.6.6.6 peer 10.6.6.7/32 dev eth0",
        f"ip -n {WEB} route add 10.99.0.0/16 via 172.17.0.3 proto bgp",
        f"ip -n {WEB} -6 route add fd99::/64 proto static nexthop via fd00::3 nexthop via fd00::4",
        f"ip -n {WEB} neigh add 172.17.0.99 lladdr 02:00:00:00:99:99 dev eth0",
        f"ip -n {WEB} neigh add 172.17.0.98 lladdr 02:00:00:00:99:98 nud stale dev eth0",
        f"ip -n {WEB} link add name theirs type ifb",
        f"ip -n {WEB} link property add dev theirs altname other_name_of_it",
    )
    found = [thing for thing in seen(kernel).values() if not thing.owned and thing.namespace == WEB]
    addresses = {thing.ip for thing in found if isinstance(thing, Address)}
    assert addresses == {"10.5.5.5/24", "10.6.6.6 peer 10.6.6.7/32"}
    routes = {thing.to: thing for thing in found if isinstance(thing, Route)}
    assert (routes["10.99.0.0/16"].via, routes["10.99.0.0/16"].protocol) == ("172.17.0.3", 186)
    assert (routes["fd99::/64"].via, routes["fd99::/64"].interface) == ("fd00::3, fd00::4", "eth0")
    assert {thing.ip for thing in found if isinstance(thing, Neighbour)} == {"172.17.0.99"}
    (theirs,) = (thing for thing in found if isinstance(thing, Interface))
    assert (theirs.name, theirs.link_kind, theirs.altnames) == ("theirs", "ifb", ("other_name_of_it",))


def test_a_link_with_our_mark_that_is_nothing_of_ours_is_stray(kernel: LinuxKernel) -> None:
    group = mark.of_lab(LAB)
    sh(
        f"ip -n {FABRIC} link add name stray group {group} type ifb",
        f"ip -n {FABRIC} link add name half group {group} type veth peer name half2",
        f"ip -n {WEB} link add name br9 group {mark.of_network('front')} type bridge",
    )
    found = {thing.name: thing for thing in seen(kernel).values() if isinstance(thing, Interface)}
    assert {name: thing.owned for name, thing in found.items()} == {"stray": True, "half": True, "half2": False, "br9": True}
    assert [found[name].owner for name in ("stray", "br9")] == ["lab", "containers/web"]


def test_a_second_veth_of_one_mark_is_a_copy(kernel: LinuxKernel) -> None:
    first = mark.of_attachment("front", 0)
    sh(f"ip -n {FABRIC} link add name more type veth peer name eth7 netns {WEB}", f"ip -n {WEB} link set eth7 group {first}")
    veths = [thing for thing in seen(kernel).values() if isinstance(thing, Veth) and thing.namespace == WEB]
    assert {(thing.copy, thing.end.name) for thing in veths} == {("", "eth0"), ("eth7", "eth7")}


def test_the_ends_of_a_namespace_that_was_deleted_go_with_it(kernel: LinuxKernel) -> None:
    sh(f"ip netns delete {DB}")
    found = seen(kernel)
    assert not [thing for thing in found.values() if isinstance(thing, Interface)]
    assert {thing.namespace for thing in found.values() if isinstance(thing, Veth)} == {WEB}


def test_a_veth_to_a_namespace_outside_the_lab_is_stray(kernel: LinuxKernel) -> None:
    sh("ip netns add elsewhere", f"ip -n {DB} link set eth0 netns elsewhere")
    try:
        found = seen(kernel)
        assert [(thing.name, thing.owned) for thing in found.values() if isinstance(thing, Interface)] == [("db.eth0", True)]
    finally:
        sh("ip netns delete elsewhere")


def test_a_plain_file_in_the_place_of_a_namespace_is_none(kernel: LinuxKernel) -> None:
    pin = Path("/run/netns", small_lab.namespace_of(LAB, "gone"))
    pin.touch()
    try:
        assert not [thing for thing in seen(kernel).values() if str(thing.namespace) == pin.name]
    finally:
        pin.unlink()


def test_only_what_is_asked_for_is_read(kernel: LinuxKernel) -> None:
    def of(*places: str) -> set[Object]:
        return {thing for thing in small_lab.lab() if thing.namespace in places and thing.kind != "namespace"}

    found = set(seen(kernel, namespaces=frozenset({WEB})).values())
    assert of(WEB) | of(FABRIC) <= found
    # The cable lies in db, and one of its ends in web: it is in neither part alone.
    assert found & of(DB) == set()
    assert not [thing for thing in found if isinstance(thing, Interface)]
    assert set(seen(kernel, namespaces=frozenset()).values()) & of(WEB, DB) == set()


def strays(kernel: LinuxKernel, *namespaces: str) -> set[str]:
    found = seen(kernel, namespaces=frozenset(namespaces)).values()
    return {thing.name for thing in found if isinstance(thing, Interface) and thing.owned}


@pytest.fixture
def _elsewhere(kernel: LinuxKernel) -> Iterator[None]:
    """db's end of its veth is in a namespace that is not of the lab."""
    sh("ip netns add elsewhere", f"ip -n {DB} link set eth0 netns elsewhere")
    yield
    sh("ip netns delete elsewhere")


@pytest.mark.usefixtures("_elsewhere")
def test_where_all_that_there_is_was_asked_for_what_leads_elsewhere_is_stray(kernel: LinuxKernel) -> None:
    assert strays(kernel, FABRIC, WEB, DB, "topo.small.gone") == {"db.eth0"}


@pytest.mark.usefixtures("_elsewhere")
def test_where_one_was_not_asked_for_it_may_lead_there(kernel: LinuxKernel) -> None:
    assert strays(kernel, WEB) == strays(kernel, DB) == strays(kernel) == set()


@pytest.mark.usefixtures("_elsewhere")
def test_a_plain_file_is_not_where_it_may_lead(kernel: LinuxKernel) -> None:
    pin = Path("/run/netns", small_lab.namespace_of(LAB, "file"))
    pin.touch()
    try:
        assert strays(kernel, WEB, DB) == {"db.eth0"}
    finally:
        pin.unlink()


def test_what_leads_nowhere_else_is_stray_in_any_case(kernel: LinuxKernel) -> None:
    """Both its ends are in the namespace that was asked for."""
    sh(f"ip -n {WEB} link add name half group {mark.of_attachment('front', 7)} type veth peer name half2")
    assert strays(kernel, WEB) == {"half"}


def test_the_addresses_that_lo_has_by_itself_are_none(kernel: LinuxKernel) -> None:
    sh(
        f"ip -n {WEB} address add 127.0.0.2/8 dev lo",
        f"ip -n {WEB} address add 127.0.0.1/32 dev lo",
        f"ip -n {WEB} address add 127.0.0.1/8 dev eth0",
    )
    found = [
        thing for thing in seen(kernel).values() if isinstance(thing, Address) and (thing.namespace, thing.owned) == (WEB, False)
    ]
    assert {(thing.interface, thing.ip) for thing in found} == {
        ("lo", "127.0.0.2/8"),
        ("lo", "127.0.0.1/32"),
        ("eth0", "127.0.0.1/8"),
    }


def test_what_somebody_has_plugged_into_a_bridge_of_his_own_has_its_settings_still(kernel: LinuxKernel) -> None:
    sh(f"ip -n {WEB} link add name theirs type bridge", f"ip -n {WEB} link set eth0 master theirs")
    veth = next(thing for thing in seen(kernel).values() if isinstance(thing, Veth) and thing.namespace == WEB)
    assert (veth.end.master, veth.end.settings) == ("theirs", BASELINE)


def test_an_unknown_lab_is_empty() -> None:
    assert not LinuxKernel().observe(Scope("nowhere")).objects


def test_only_the_calling_thread_changes_its_namespace(kernel: LinuxKernel) -> None:
    def inode() -> int:
        return Path("/proc/thread-self/ns/net").stat().st_ino

    before, inside = inode(), {pins.inode(name) for name in (FABRIC, WEB, DB)}
    looks: list[int] = []
    worker = threading.Thread(target=lambda: [looks.append(len(seen(kernel))) or looks.append(inode()) for _ in range(3)])
    worker.start()
    while worker.is_alive():
        assert inode() == before
    assert before not in inside
    assert looks[1::2] == [before] * 3


def test_drift_is_seen(kernel: LinuxKernel) -> None:
    """Each is one of those that people make by hand."""
    for command in (
        f"ip -n {WEB} address delete 172.17.0.2/16 dev eth0",
        f"ip -n {WEB} address replace fd00::2/64 dev eth0 valid_lft 1000 preferred_lft 1000",
        f"ip -n {WEB} link set eth0 mtu 1400",
        f"ip -n {WEB} link set eth0 address 02:00:00:00:77:77",
        f"ip -n {WEB} link set eth0 name lan0",
        f"ip -n {WEB} link set lan0 down",
        f"ip -n {WEB} route replace unreachable 10.9.0.0/24",
        f"ip -n {WEB} link set p0 addrgenmode eui64",
        f"ip -n {FABRIC} link set web.eth0 nomaster",
        f"ip -n {FABRIC} link set front type bridge stp_state 1",
        f"ip -n {FABRIC} link set front type bridge ageing_time 2000",
        f"ip -n {FABRIC} neigh delete 172.17.0.2 dev front",
        f"ip -n {FABRIC} link set front down",
        f"ip -n {DB} link delete p0",
        f"ip -n {DB} link set lo down",
        f"ip netns exec {DB} sh -c 'echo 1 > /proc/sys/net/ipv4/conf/eth0/rp_filter'",
        f"ip -n {DB} route add 10.55.0.0/16 via 172.17.0.1 proto 116",
    ):
        before = {key: thing for key, thing in seen(kernel).items() if thing.owned}
        sh(command)
        after = {key: thing for key, thing in seen(kernel).items() if thing.owned}
        assert before != after, command
