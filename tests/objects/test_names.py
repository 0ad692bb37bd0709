"""What the kernel calls things leads back to what the file calls them."""

from __future__ import annotations

import pytest

from topo.objects.names import device_of, fabric_of, is_fabric, namespace_of, network_of, parts, split_tag


@pytest.mark.parametrize("network", ["front", "default", "default0", "x"])
def test_a_device_is_of_one_network(network: str) -> None:
    assert network_of(device_of(network)) == network


def test_no_device_is_called_default_and_none_is_taken_for_its() -> None:
    assert device_of("default") == "default0"
    assert device_of("default0") not in ("default", "default0")


def test_namespaces_are_of_a_lab_and_perhaps_a_container() -> None:
    assert parts(fabric_of("shop")) == ("shop", None)
    assert parts(namespace_of("shop", "web.1")) == ("shop", "web.1")
    assert [parts(name) for name in ("topo.", "topo.shop.", "shop", "topo")] == [None] * 4
    assert is_fabric("topo.shop")
    assert not any(is_fabric(name) for name in ("topo.shop.web", "shop", ""))


def test_an_interface_with_a_vlan_says_of_which_and_which() -> None:
    assert split_tag("eth1.100") == ("eth1", 100)
    assert split_tag("br.lan.4094") == ("br.lan", 4094)
    assert [split_tag(name) for name in ("eth1", "eth1.", ".5", "eth1.0", "eth1.4095", "eth1.012", "eth1.a")] == [None] * 7
