"""Who has a new address or a new MAC says so, to all on its network."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from msgspec.structs import replace

from tests.kernel.linux import small_lab
from tests.kernel.linux.small_lab import DB, FABRIC, WEB, ip, run, seen, sh
from topo.kernel.linux import LinuxKernel, namespaces, sysctls
from topo.kernel.linux.announce import advertisement, arp
from topo.kernel.linux.place import Place
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.veth import Veth

pytestmark = pytest.mark.live

WaitFor = Callable[..., object]

MAC = bytes.fromhex("0242ac110002")
_HEADERS = 14 + 40
_CHECKSUM = slice(2, 4)


@contextmanager
def heard(kernel: LinuxKernel, wait_for: WaitFor) -> Iterator[Callable[[set[bytes]], None]]:
    """What DB hears, from the moment on when its port and that of WEB forward: a function that waits for all of some frames."""
    wait_for(lambda: {thing.peer.port_state for thing in seen(kernel).values() if isinstance(thing, Veth)} >= {"forwarding"})
    with Place(DB, small_lab.LAB, namespaces.open(DB)) as place, place.entered():
        ears = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0003))
    ears.settimeout(5)

    def wait(wanted: set[bytes]) -> None:
        while wanted:
            wanted.discard(_said(ears.recv(2048)))

    with ears:
        yield wait


def _said(frame: bytes) -> bytes:
    """An ARP frame; the body of an advertisement, without its checksum, that has come over no router and goes to all nodes."""
    body = frame[_HEADERS:]
    if frame[12:14] != b"\x86\xdd" or frame[20:22] != bytes((socket.IPPROTO_ICMPV6, 255)) or body[:1] != b"\x88":
        return frame
    assert frame[:6] == bytes.fromhex("333300000001")
    assert frame[38:54] == socket.inet_pton(socket.AF_INET6, "ff02::1")
    assert body[_CHECKSUM] != bytes(2)
    return body[:2] + bytes(2) + body[4:]


def advertised(mac: bytes, address: str) -> bytes:
    return advertisement(mac, socket.inet_pton(socket.AF_INET6, address))


def test_a_new_address(kernel: LinuxKernel, wait_for: WaitFor) -> None:
    with heard(kernel, wait_for) as wait:
        things = [
            Address(namespace=WEB, interface="eth0", ip="172.17.0.9/16", broadcast="172.17.255.255"),
            Address(namespace=WEB, interface="eth0", ip="fd00::9/64"),
            Address(namespace=WEB, interface="lo", ip="10.255.9.9/32"),
            Address(namespace=WEB, interface="lo", ip="fd09::9/128"),
        ]
        small_lab.build(kernel, things)
        wait({arp(MAC, socket.inet_aton("172.17.0.9")), advertised(MAC, "fd00::9")})


def test_a_new_mac(kernel: LinuxKernel, wait_for: WaitFor) -> None:
    things = seen(kernel).values()
    veth = next(thing for thing in things if isinstance(thing, Veth) and thing.end.namespace == WEB and thing.peer.master)
    addresses = [one["local"] for one in ip(WEB, "-6 address show dev eth0")[0]["addr_info"]]
    assert len(addresses) > 1
    with heard(kernel, wait_for) as wait:
        assert run(kernel, [(veth, replace(veth, end=replace(veth.end, mac="02:00:00:00:00:77")))]) == []
        mac = bytes.fromhex("020000000077")
        wait({advertised(mac, address) for address in addresses} | {arp(mac, socket.inet_aton("172.17.0.2"))})


def test_a_new_mac_of_a_bridge(kernel: LinuxKernel, wait_for: WaitFor) -> None:
    bridge = next(thing for thing in seen(kernel).values() if isinstance(thing, Bridge))
    with heard(kernel, wait_for) as wait:
        assert run(kernel, [(bridge, replace(bridge, mac="02:42:00:00:00:07"))]) == []
        wait({advertised(bytes.fromhex("024200000007"), "fd00::1")})


def test_a_new_mac_leaves_no_sysctl_behind(kernel: LinuxKernel) -> None:
    for value in ("0", "1"):
        sh(f"ip netns exec {FABRIC} sysctl -qw net.ipv6.conf.all.ndisc_notify={value}")
        bridge = next(thing for thing in seen(kernel).values() if isinstance(thing, Bridge))
        assert run(kernel, [(bridge, replace(bridge, mac=f"02:42:00:00:00:1{value}"))]) == []
        with Place(FABRIC, small_lab.LAB, namespaces.open(FABRIC)) as place, place.entered():
            assert sysctls.read("net.ipv6.conf.all.ndisc_notify") == value


@pytest.mark.parametrize("known", [False, True])
def test_the_first_of_two_networks_of_an_interface(kernel: LinuxKernel, wait_for: WaitFor, known: bool) -> None:
    """Also where the kernel believes that somebody else has the address."""
    if known:
        sh(f"ip -n {WEB} neighbour add 10.9.0.9 lladdr 02:00:00:00:00:01 dev eth0 nud permanent")
    with heard(kernel, wait_for) as wait:
        small_lab.build(kernel, [Address(namespace=WEB, interface="eth0", ip="10.9.0.9/24", broadcast="10.9.0.255")])
        wait({arp(MAC, socket.inet_aton("10.9.0.9"))})
    left = [entry["dst"] for entry in ip(WEB, "-4 neighbour show nud all dev eth0")]
    assert ("10.9.0.9" in left) is known


@pytest.mark.parametrize("address", ["fd00::9/64", "10.9.0.9/24"])
def test_what_needs_no_packet_socket(kernel: LinuxKernel, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """To close one takes an RCU grace period, for which all that comes after it waits."""
    families = []

    class Socket(socket.socket):
        def __init__(self, family: int, *more: int) -> None:
            families.append(family)
            super().__init__(family, *more)

    seen(kernel)
    monkeypatch.setattr(socket, "socket", Socket)
    small_lab.build(kernel, [Address(namespace=WEB, interface="eth0", ip=address)])
    assert families
    assert socket.AF_PACKET not in families
