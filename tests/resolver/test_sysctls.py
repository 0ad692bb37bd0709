from __future__ import annotations

import pytest

from tests.resolver.given import by_address, end, errors, found, resolved
from topo.errors import DocumentErrors
from topo.lab import Attachment, Container, Lab, Network
from topo.objects.loopback import Loopback
from topo.objects.settings import BASELINE
from topo.objects.sysctl import Sysctl
from topo.resolver import resolve

ONE = "containers: {a: {networks: [default, other], sysctls: {%s}}}\nnetworks: {other: {subnet: ['fd00::/64', 10.0.0.0/24]}}"


@pytest.mark.parametrize("name", ["net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding", "net.ipv4.conf.default.forwarding"])
def test_a_container_that_forwards_does_so_on_every_interface(name: str) -> None:
    state = resolved(ONE % f"{name}: 1")
    assert found(state, f"containers/a/sysctls/{name.replace('conf.all.forwarding', 'ip_forward')}", Sysctl).value == "1"
    assert found(state, "containers/a/lo", Loopback).settings.forwarding
    assert end(state, "a", "eth0").settings == end(state, "a", "eth1").settings
    assert end(state, "a", "eth0").settings != BASELINE


def test_two_names_of_one_setting_are_one_object() -> None:
    state = resolved(ONE % "net.ipv4.conf.all.forwarding: 1, net.ipv4.ip_forward: 1")
    names = [thing.name for thing in state.objects.values() if isinstance(thing, Sysctl) and thing.owner == "containers/a"]
    assert names == ["net.ipv4.ip_forward"]
    assert state == resolved(ONE % "net.ipv4.ip_forward: 1")


def test_a_sysctl_of_one_interface_is_a_setting_of_that() -> None:
    state = resolved(ONE % "net.ipv4.conf.eth1.rp_filter: 2, net.ipv4.conf.default.rp_filter: 1, net.ipv4.conf.all.rp_filter: 1")
    filters = [settings and settings.rp_filter for settings in (end(state, "a", name).settings for name in ("eth0", "eth1"))]
    assert filters == [1, 2]
    assert "containers/a/sysctls/net.ipv4.conf.eth1.rp_filter" not in by_address(state)


@pytest.mark.parametrize("value", ["-1", "many", "99999999999"])
def test_what_is_no_setting_is_left_to_the_kernel_to_refuse(value: str) -> None:
    state = resolved(ONE % f"net.ipv4.conf.eth1.rp_filter: '{value}'")
    assert found(state, "containers/a/sysctls/net.ipv4.conf.eth1.rp_filter", Sysctl).value == value
    assert end(state, "a", "eth1").settings == BASELINE


def test_its_own_sysctl_stands_against_the_one_for_all() -> None:
    state = resolved(ONE % "net.ipv4.conf.eth1.forwarding: 0, net.ipv4.ip_forward: 1")
    given = [settings and settings.forwarding for settings in (end(state, "a", name).settings for name in ("eth0", "eth1"))]
    assert given == [True, False]


def test_other_sysctls_change_no_setting() -> None:
    state = resolved(ONE % "net.ipv4.tcp_rmem: '4096   87380 6291456', net.ipv6.conf.all.forwarding: 1")
    assert found(state, "containers/a/sysctls/net.ipv4.tcp_rmem", Sysctl).value == "4096 87380 6291456"
    assert end(state, "a", "eth0").settings == BASELINE


def test_an_interface_that_is_not_there() -> None:
    container = Container("a", (Attachment("default"),), sysctls={"net.ipv4.conf.eth7.rp_filter": "1"})
    with pytest.raises(DocumentErrors) as caught:
        resolve(Lab("t", (Network("default"),), (container,)))
    assert [(error.code, error.hint) for error in caught.value.errors] == [("unknown-interface", "its interfaces: lo, eth0")]


@pytest.mark.parametrize("name", ["net.disable_ipv6", "net.ipv6.conf.disable_ipv6", "net.ipv4.conf.eth1", "net.ipv4.conf"])
def test_names_that_are_shorter_than_usual(name: str) -> None:
    assert found(resolved(ONE % f"{name}: 1"), f"containers/a/sysctls/{name}", Sysctl)


@pytest.mark.parametrize("scope", ["all", "default", "eth1"])
def test_ipv6_switched_off_where_an_address_needs_it(scope: str) -> None:
    assert [error.code for error in errors(ONE % f"net.ipv6.conf.{scope}.disable_ipv6: 1")] == ["ipv6-disabled"]
    assert resolved(ONE % "net.ipv6.conf.eth0.disable_ipv6: 1")


def test_one_setting_with_two_names_has_one_value() -> None:
    both = "net.ipv4.ip_forward: %d, net.ipv4.conf.all.forwarding: %d"
    assert [error.code for error in errors(ONE % (both % (0, 1)))] == ["sysctl-twice"]
    assert resolved(ONE % (both % (1, 1)))


@pytest.mark.parametrize(("name", "off"), [("all", ["lo", "eth0"]), ("default", ["lo", "eth0"]), ("eth0", ["eth0"])])
def test_a_container_can_switch_ipv6_off(name: str, off: list[str]) -> None:
    state = resolved("containers: {a: {networks: [default], sysctls: {" + f"net.ipv6.conf.{name}.disable_ipv6: 1" + "}}}")
    settings = {"lo": found(state, "containers/a/lo", Loopback).settings, "eth0": end(state, "a", "eth0").settings}
    assert [interface for interface, one in settings.items() if one and not one.ipv6] == off
