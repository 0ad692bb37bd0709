"""IPv6 of an interface: switched, and made anew as the MTU grows, without an address of the kernel's own."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.kernel.linux import small_lab
from tests.kernel.linux.small_lab import FABRIC, LAB, WEB, run, seen, sh
from topo.kernel.linux import LinuxKernel, namespaces, sysctls
from topo.kernel.linux.place import Place
from topo.objects import mark
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.loopback import Loopback
from topo.objects.settings import BASELINE, Settings
from topo.objects.veth import End, Veth

pytestmark = pytest.mark.live

OFF = replace(BASELINE, ipv6=False)
ETH0 = ("veth", WEB, f"{mark.of_attachment('front', 0):#x}", "")


def eth0(kernel: LinuxKernel) -> Veth:
    found = seen(kernel)[ETH0]
    assert isinstance(found, Veth)
    return found


def ipv6(kernel: LinuxKernel) -> list[str]:
    things = seen(kernel).values()
    return [
        thing.ip
        for thing in things
        if isinstance(thing, Address) and (thing.namespace, thing.interface) == (WEB, "eth0") and ":" in thing.ip
    ]


def with_end(thing: Veth, **changes: object) -> Veth:
    return replace(thing, end=replace(thing.end, **changes))  # type: ignore[arg-type]


def test_it_is_read_and_switched(kernel: LinuxKernel) -> None:
    whole = eth0(kernel)
    assert whole.end.settings == BASELINE
    assert run(kernel, [(whole, with_end(whole, settings=OFF))]) == []
    assert eth0(kernel).end.settings == OFF
    assert ipv6(kernel) == []
    assert run(kernel, [(eth0(kernel), whole)]) == []
    assert eth0(kernel).end.settings == BASELINE
    assert ipv6(kernel) == []


def test_it_is_on_before_what_needs_it_in_the_same_batch(kernel: LinuxKernel) -> None:
    whole = eth0(kernel)
    address = next(thing for thing in seen(kernel).values() if isinstance(thing, Address) and thing.ip == "fd00::2/64")
    sh(f"ip netns exec {WEB} sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1")
    assert run(kernel, [(None, address), (eth0(kernel), whole)]) == []
    assert ipv6(kernel) == ["fd00::2/64"]


def test_of_lo(kernel: LinuxKernel) -> None:
    lo = Loopback(namespace=WEB, owner="containers/web")
    sh(f"ip netns exec {WEB} sysctl -qw net.ipv6.conf.lo.disable_ipv6=1")
    found = seen(kernel)[lo.key]
    assert isinstance(found, Loopback)
    assert found.settings == OFF
    assert run(kernel, [(found, lo)]) == []
    assert seen(kernel)[lo.key] == lo


@pytest.mark.parametrize("settings", [BASELINE, OFF])
def test_of_one_that_is_made_where_it_is_off(kernel: LinuxKernel, settings: Settings) -> None:
    whole = eth0(kernel)
    sh(f"ip netns exec {WEB} sysctl -qw net.ipv6.conf.default.disable_ipv6=1", f"ip -n {WEB} link delete eth0")
    seen(kernel)
    assert run(kernel, [(None, with_end(whole, settings=settings))]) == []
    assert eth0(kernel).end.settings == settings


def test_without_an_ipv6_side_it_is_not_off(kernel: LinuxKernel) -> None:
    sh(f"ip -n {WEB} link set eth0 mtu 1000")
    assert eth0(kernel).end.settings == BASELINE


def test_an_mtu_that_grows_brings_no_address(kernel: LinuxKernel) -> None:
    whole = eth0(kernel)
    sh(f"ip -n {WEB} link set eth0 mtu 1000")
    assert run(kernel, [(eth0(kernel), whole)]) == []
    assert eth0(kernel).end == whole.end
    assert ipv6(kernel) == []
    with Place(WEB, LAB, namespaces.open(WEB)) as place, place.entered():
        assert sysctls.read("net.ipv6.conf.default.addr_gen_mode") == "0"


BRIDGE = Bridge(namespace=FABRIC, owner="networks/back", name="back", mark=mark.of_network("back"), mac="02:42:00:00:00:02")


@pytest.fixture
def _off_by_default(kernel: LinuxKernel) -> None:
    sh(f"ip netns exec {FABRIC} sysctl -qw net.ipv6.conf.default.disable_ipv6=1")


def is_off(interface: str) -> str:
    with Place(FABRIC, LAB, namespaces.open(FABRIC)) as place, place.entered():
        return sysctls.read(f"net.ipv6.conf.{interface.replace('.', '/')}.disable_ipv6")


@pytest.mark.usefixtures("_off_by_default")
@pytest.mark.parametrize("settings", [BASELINE, OFF])
def test_a_bridge_is_born_with_it_or_without_whatever_the_default(kernel: LinuxKernel, settings: Settings) -> None:
    bridge = replace(BRIDGE, settings=settings)
    assert run(kernel, [(None, bridge)]) == []
    assert seen(kernel)[bridge.key] == bridge
    assert is_off("default") == "1"


@pytest.mark.usefixtures("_off_by_default")
def test_the_default_comes_back_though_the_bridge_is_refused(kernel: LinuxKernel) -> None:
    (error,) = run(kernel, [(None, replace(BRIDGE, mac="01:00:5e:00:00:01"))])
    assert "Cannot assign requested address" in error
    assert is_off("default") == "1"


@pytest.mark.usefixtures("_off_by_default")
def test_what_is_refused_before_a_port_and_behind_it_is_told_apart(kernel: LinuxKernel) -> None:
    """What comes before a port is sent before it."""
    port = replace(eth0(kernel), end=replace(eth0(kernel).end, name="eth1", mark=mark.of_attachment("back", 0)))
    port = replace(port, peer=replace(port.peer, name="web.eth1", master="back"))
    nobody = replace(BRIDGE, name="third", mark=mark.of_network("third"), mac="01:00:5e:00:00:01")
    other = Address(namespace=FABRIC, owner="networks/back", interface="back", ip="fd00:2::1/64")
    operations = small_lab.operations(
        [(None, BRIDGE), (None, nobody), (None, port), (None, replace(other, ip="ff00::1/64")), (None, other)]
    )
    here = [operation for operation in operations if operation.namespace == FABRIC]
    refused = [failure.operation.thing for failure in kernel.execute(here)]
    assert refused == [nobody, replace(other, ip="ff00::1/64")]
    assert (is_off("back"), is_off("web.eth1"), is_off("default")) == ("0", "1", "1")
    assert seen(kernel)[other.key] == other


def test_of_two_that_are_born_anew_together_each_has_what_it_is_to_have(kernel: LinuxKernel) -> None:
    """Whichever comes first."""
    link = mark.of_link("web", "web", 0)
    end = End(WEB, "q0", link, "02:42:00:00:02:01", mtu=1000)
    cable = Veth(namespace=WEB, end=end, peer=replace(end, name="q1", mark=mark.second(link), mac="02:42:00:00:02:02"))
    small_lab.build(kernel, [cable])
    wide = replace(cable, end=replace(end, mtu=1500, settings=OFF), peer=replace(cable.peer, mtu=1500))
    assert run(kernel, [(cable, wide)]) == []
    assert seen(kernel)[wide.key] == wide
    assert run(kernel, [(wide, cable)]) == []
    other = replace(cable, end=replace(end, mtu=1500), peer=replace(cable.peer, mtu=1500, settings=OFF))
    assert run(kernel, [(cable, other)]) == []
    assert seen(kernel)[other.key] == other
