from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest

from topo.networks import Assigned
from topo.resolver.subnet import Subnet, number, words

IPV6 = ("::", "::1", "1::", "fd00::2", "fd00:0:0:1::7d0", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8")


@pytest.mark.parametrize("text", IPV6)
def test_an_ipv6_address_is_its_number_and_back(text: str) -> None:
    assert number(text) == int(IPv6Address(text))
    assert words(6, number(text)) == str(IPv6Address(text))


def test_an_ipv6_address_may_end_as_an_ipv4_address_does() -> None:
    assert number("::ffff:10.0.0.1") == int(IPv6Address("::ffff:10.0.0.1"))


def test_an_ipv4_address_is_its_number_and_back() -> None:
    assert number("10.0.255.2") == int(IPv4Address("10.0.255.2"))
    assert words(4, number("10.0.255.2")) == "10.0.255.2"


@pytest.mark.parametrize(
    ("subnet", "bare", "wanted"),
    [
        ("10.0.0.0/24", "10.0.0.2", Assigned("10.0.0.2/24", "10.0.0.2", 4, "10.0.0.255")),
        ("10.0.0.2/31", "10.0.0.2", Assigned("10.0.0.2/31", "10.0.0.2", 4)),
        ("fd00::/64", "fd00::2", Assigned("fd00::2/64", "fd00::2", 6)),
    ],
)
def test_an_address_is_assigned_by_its_number_and_by_its_name(subnet: str, bare: str, wanted: Assigned) -> None:
    assert Subnet.of(subnet).named(bare) == Subnet.of(subnet).assigned(number(bare)) == wanted
