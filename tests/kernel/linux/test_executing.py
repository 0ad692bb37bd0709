"""Operations on the real kernel: every change in place, and what the kernel answers."""

from __future__ import annotations

import errno

import pytest
from msgspec.structs import replace

from tests.kernel.linux import small_lab
from tests.kernel.linux.small_lab import DB, FABRIC, WEB, ip, run, seen, sh
from topo.errors import KernelError
from topo.kernel.linux import LinuxKernel, executing
from topo.kernel.linux.codec import Codec, all_codecs
from topo.kernel.linux.place import Place
from topo.kernel.protocol import Operation
from topo.objects import Object, mark
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.interface import Interface
from topo.objects.loopback import Loopback
from topo.objects.neighbour import Neighbour
from topo.objects.route import Route
from topo.objects.settings import Settings
from topo.objects.sysctl import Sysctl
from topo.objects.veth import End, Veth

pytestmark = pytest.mark.live

OTHER = Settings(forwarding=True, rp_filter=2, promote_secondaries=False, arp_notify=False, addr_gen_mode="eui64")


def first(kernel: LinuxKernel, kind: type[Object], namespace: str, **more: object) -> Object:
    things = (
        thing for thing in seen(kernel).values() if isinstance(thing, kind) and thing.namespace == namespace and thing.owned
    )
    return next(thing for thing in things if all(getattr(thing, name) == value for name, value in more.items()))


def indexes() -> dict[str, set[int]]:
    return {namespace: {link["ifindex"] for link in ip(namespace, "link")} for namespace in (FABRIC, WEB, DB)}


def become(kernel: LinuxKernel, before: Object, after: Object) -> None:
    """Changes it in place, and sees that it is so."""
    links = indexes()
    assert run(kernel, [(before, after)]) == []
    assert seen(kernel).get(after.key) == after
    assert indexes() == links


def test_an_end_of_a_veth_changes_in_place(kernel: LinuxKernel) -> None:
    for fields in (
        {"name": "lan0"},
        {"mac": "02:00:00:00:00:77"},
        {"mtu": 1400},
        {"mtu": 1000},
        {"mtu": 9000, "name": "eth0"},
        {"up": False},
        {"up": True, "mac": "02:42:ac:11:00:02", "mtu": 1500},
        {"settings": OTHER},
    ):
        veth = first(kernel, Veth, WEB)
        assert isinstance(veth, Veth)
        become(kernel, veth, replace(veth, end=replace(veth.end, **fields)))


def test_a_port_changes_in_place(kernel: LinuxKernel) -> None:
    for fields in (
        {"name": "renamed"},
        {"mac": "02:00:00:00:00:77"},
        {"mtu": 1400},
        {"mark": 0},
        {"mark": mark.of_lab(small_lab.LAB), "mtu": 1500},
        {"master": None},
        {"up": False},
        {"up": True, "master": "front"},
    ):
        veth = first(kernel, Veth, WEB)
        assert isinstance(veth, Veth)
        become(kernel, veth, replace(veth, peer=replace(veth.peer, **fields)))


def test_a_bridge_changes_in_place(kernel: LinuxKernel) -> None:
    for fields in (
        {"name": "back"},
        {"mac": "02:42:00:00:00:07"},
        {"mtu": 9000},
        {"ageing_time": 17},
        {"multicast_snooping": True},
        {"settings": OTHER},
        {"up": False},
        {"up": True, "mtu": 1500, "multicast_snooping": False},
        {"stp": True},
    ):
        bridge = first(kernel, Bridge, FABRIC)
        assert isinstance(bridge, Bridge)
        become(kernel, bridge, replace(bridge, **fields))


def test_what_lies_on_a_link_changes_in_place(kernel: LinuxKernel) -> None:
    for ip_address in ("172.17.0.2/16", "fd00::2/64"):
        address = first(kernel, Address, WEB, ip=ip_address)
        sh(f"ip -n {WEB} address change {ip_address} dev eth0 valid_lft 100 preferred_lft 100")
        drifted = seen(kernel)[address.key]
        assert drifted != address
        become(kernel, drifted, address)
    route = first(kernel, Route, WEB, to="0.0.0.0/0")
    for fields in ({"via": "172.17.0.3"}, {"type": "prohibit", "via": None, "interface": None}):
        become(kernel, route, replace(route, **fields))
        route = replace(route, **fields)
    neighbour = first(kernel, Neighbour, WEB)
    become(kernel, neighbour, replace(neighbour, mac="02:00:00:00:00:78"))
    loopback = first(kernel, Loopback, WEB)
    become(kernel, loopback, replace(loopback, settings=replace(OTHER, addr_gen_mode="none")))


def test_what_stands_in_the_place_of_ours_is_replaced(kernel: LinuxKernel) -> None:
    ours = [first(kernel, Route, WEB, to=to) for to in ("0.0.0.0/0", "::/0", "fd09::/64")]
    sh(
        f"ip -n {WEB} route replace default via 172.17.0.3",
        f"ip -n {WEB} -6 route delete default",
        f"ip -n {WEB} -6 route add default via fd00::3 metric 1024 proto ra",
        f"ip -n {WEB} -6 route delete unreachable fd09::/64 metric 1024",
        f"ip -n {WEB} -6 route add fd09::/64 via fd00::3 metric 1024",
        f"ip -n {WEB} address delete fd00::2/64 dev eth0",
        f"ip -n {WEB} address add fd00::2/64 dev eth0 nodad",
    )
    address = next(thing for thing in small_lab.lab() if isinstance(thing, Address) and thing.ip == "fd00::2/64")
    for thing in (*ours, address):
        theirs = seen(kernel)[thing.key]
        assert not theirs.owned
        become(kernel, theirs, thing)
    assert [route["gateway"] for route in ip(WEB, "-6 route show default")] == ["fd00::1"]


def test_everything_can_be_deleted_and_made_again(kernel: LinuxKernel) -> None:
    things = [thing for thing in small_lab.lab() if thing.kind not in ("namespace", "loopback")]
    assert run(kernel, [(thing, None) for thing in reversed(things)]) == []
    assert not [thing for thing in seen(kernel).values() if thing.owned and thing.kind not in ("namespace", "loopback")]
    assert run(kernel, [(thing, None) for thing in reversed(things)]) == []
    small_lab.build(kernel, things)
    found = seen(kernel)
    assert all(found[thing.key] == thing for thing in things)
    small_lab.build(kernel, [thing for thing in things if thing.kind in ("address", "route", "neighbour")])


def test_a_cable_may_begin_and_end_in_one_container(kernel: LinuxKernel) -> None:
    mark_of_it = mark.of_link("web", "web", 0)
    veth = Veth(
        namespace=WEB,
        end=End(WEB, "loop0", mark_of_it, "02:42:00:00:02:01"),
        peer=End(WEB, "loop1", mark.second(mark_of_it), "02:42:00:00:02:02"),
    )
    small_lab.build(kernel, [veth])
    assert seen(kernel)[veth.key] == veth
    become(kernel, veth, replace(veth, peer=replace(veth.peer, mtu=1400)))


def test_eth0_has_one_index_in_every_container(kernel: LinuxKernel) -> None:
    """A cable may be made before the first bridge is; and an interface that comes again is what it was."""
    namespace, *_ = small_lab.container("more", 4)
    veth = next(thing for thing in small_lab.container("more", 4) if isinstance(thing, Veth))
    one, other = (f"02:42:00:00:03:0{number}" for number in (1, 2))
    link = mark.of_link("more", "db", 0)
    cable = Veth(namespace=DB, end=End(DB, "p7", mark.second(link), one), peer=End(str(veth.namespace), "p7", link, other))
    small_lab.build(kernel, [namespace, cable, veth])
    assert run(kernel, [(veth, None)]) == []
    small_lab.build(kernel, [veth])
    found = {link["ifname"]: link["ifindex"] for link in ip(str(veth.namespace), "link")}
    assert found == {"lo": 1, "eth0": 2, "p7": 102}


def test_a_stray_link_is_deleted(kernel: LinuxKernel) -> None:
    sh(f"ip -n {FABRIC} link add name stray group {mark.of_lab(small_lab.LAB)} type ifb")
    stray = first(kernel, Interface, FABRIC)
    assert run(kernel, [(stray, None)]) == []
    assert stray.key not in seen(kernel)


def test_an_error_has_the_words_of_the_kernel(kernel: LinuxKernel) -> None:
    wrong = Route(namespace=WEB, to="10.1.0.0/16", via="99.9.9.9", interface="eth0")
    right = Route(namespace=WEB, to="10.2.0.0/16", via="172.17.0.1", interface="eth0")
    nowhere = Address(namespace=WEB, owner="containers/web/eth9", interface="eth9", ip="10.0.0.1/24")
    batch = [Operation(n, WEB, None, thing, (), "") for n, thing in enumerate((wrong, nowhere, right))]
    failures = kernel.execute(batch)
    assert [failure.operation.id for failure in failures] == [0, 1]
    assert failures[0].error.errno == errno.ENETUNREACH
    assert "RTM_NEWROUTE: Network is unreachable: Nexthop has invalid gateway" in str(failures[0].error)
    assert (failures[1].error.errno, "No such device" in str(failures[1].error)) == (errno.ENODEV, True)
    assert seen(kernel)[right.key] == right


def test_errors_of_a_long_batch_come_back_to_their_operations(kernel: LinuxKernel) -> None:
    things = [Route(namespace=WEB, to=f"10.{n >> 8}.{n & 255}.0/24", via="172.17.0.1", interface="eth0") for n in range(700)]
    bad = {n for n in range(700) if n % 7 == 0}
    things = [replace(thing, via="99.9.9.9") if n in bad else thing for n, thing in enumerate(things)]
    failures = kernel.execute([Operation(n, WEB, None, thing, (), "") for n, thing in enumerate(things)])
    assert {failure.operation.id for failure in failures} == bad
    assert len(ip(WEB, "route show proto 116")) >= 600


def test_a_namespace_that_is_not_there_is_an_error(kernel: LinuxKernel) -> None:
    gone = Loopback(namespace="topo.small.gone")
    (failure,) = kernel.execute([Operation(0, gone.namespace, None, gone, (), "")])
    assert failure.error.errno == errno.ENOENT


def test_an_index_that_is_taken_is_no_obstacle(kernel: LinuxKernel) -> None:
    """Where tunnel modules are loaded a new namespace has more than lo, and the kernel says EBUSY to their indexes."""
    namespace, loopback, veth, *_ = small_lab.container("more", 4)
    small_lab.build(kernel, [namespace])
    sh(f"ip -n {namespace.name} link add name tunl0 type ifb")  # type: ignore[attr-defined]
    small_lab.build(kernel, [loopback, veth])
    assert seen(kernel)[veth.key] == veth


def test_a_codec_s_own_hint_is_kept(kernel: LinuxKernel) -> None:
    thing = Sysctl(namespace=WEB, owner="containers/web", name="kernel.hostname", value="x")
    (failure,) = kernel.execute(small_lab.operations([(None, thing)]))
    assert "only net.* is" in failure.error.message
    assert failure.error.hint == "set it on the host, with sysctl -w"


def test_a_codec_that_has_no_message_refuses_its_own_operation_only(kernel: LinuxKernel, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(operation: Operation, place: Place) -> list[bytes]:
        raise KernelError("no such thing", hint="ask for another")

    monkeypatch.setattr(executing, "all_codecs", lambda: {**all_codecs(), "route": Codec(encode=refuse)})
    route = Route(namespace=WEB, owner="containers/web", to="10.66.0.0/24", type="blackhole")
    address = Address(namespace=WEB, owner="containers/web/lo", interface="lo", ip="10.255.9.9/32")
    (failure,) = kernel.execute(small_lab.operations([(None, route), (None, address)]))
    assert failure.operation.after == route
    assert failure.error.hint == "ask for another"
    assert address.key in seen(kernel)
