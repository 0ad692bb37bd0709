"""Networks on which others are, too: what topo may decide there, and what the file must say."""

from __future__ import annotations

import pytest

from tests.resolver.given import addresses, by_address, errors, found, resolved, told
from topo.networks import DRIVERS
from topo.objects.file import File
from topo.objects.macvlan import Macvlan
from topo.objects.route import Route

LAN = """\
    networks:
      lan: {driver: macvlan, parent: eth1, subnet: [192.0.2.0/24, 'fd00::/64']}
    containers:
      a: {networks: [{network: lan, address: [192.0.2.10, 'fd00::10']}]}
    """


def test_the_container_has_what_the_file_says_and_nothing_stands_in_the_fabric() -> None:
    state = resolved(LAN)
    assert addresses(state, "a") == ["192.0.2.10/24", "fd00::10/64"]
    assert not [thing for thing in state.objects.values() if thing.kind in ("bridge", "neighbour", "route")]
    assert not [thing for thing in by_address(state) if thing.startswith("networks/")]
    assert found(state, "lab/hosts/lan", File).content == "192.0.2.10\ta\t# 0\nfd00::10\ta\t# 0\n"


def test_a_gateway_is_somebody_elses() -> None:
    state = resolved(LAN.replace("parent: eth1", "parent: eth1, gateway: 192.0.2.1"))
    assert found(state, "containers/a/routes/default", Route).via == "192.0.2.1"
    assert not [thing for thing in state.objects.values() if thing.kind in ("bridge", "neighbour")]
    assert len([thing for thing in state.objects.values() if isinstance(thing, Route)]) == 1


def test_the_mac_depends_on_the_labs_name() -> None:
    macs = {name: found(resolved(LAN, name=name), "containers/a/eth0", Macvlan).mac for name in ("t", "u")}
    assert macs["t"] != macs["u"]
    assert all(str(mac).startswith("02:42:") for mac in macs.values())
    assert found(resolved(LAN, name="t"), "containers/a/eth0", Macvlan).mac == macs["t"]


def test_the_link_local_address_is_of_that_mac() -> None:
    state = resolved(LAN)
    mac = str(found(state, "containers/a/eth0", Macvlan).mac).split(":")
    local = next(ip for ip in addresses(state, "a", all_of_them=True) if ip.startswith("fe80:"))
    assert local.endswith(f"{int(mac[4] + mac[5], 16):x}/64")


def test_every_address_is_named() -> None:
    assert told(LAN.replace(", 'fd00::10'", "")) == [("4:18", "lan-address")]
    assert told(LAN.replace("{network: lan, address: [192.0.2.10, 'fd00::10']}", "lan")) == [("4:18", "lan-address")] * 2


def test_a_subnet_is_named() -> None:
    assert told(LAN.replace(", subnet: [192.0.2.0/24, 'fd00::/64']", "")) == [("2:3", "lan-subnet")]


@pytest.mark.parametrize("name", [name for name, driver in DRIVERS.items() if driver.lan])
def test_whose_mac_is_the_parents_has_no_other_one(name: str) -> None:
    driver = DRIVERS[name]
    for mode in driver.options["mode"]["enum"]:
        text = LAN.replace("macvlan, ", f"{name}, mode: {mode}, ").replace(
            "{network: lan, ", "{network: lan, mac: 02:00:00:00:00:01, "
        )
        if driver.has_macs({"mode": mode}):
            resolved(text)
        else:
            assert [error.path for error in errors(text)] == ["containers.a.networks[0].mac"]


def test_a_parent_that_two_networks_stand_on_is_one_object() -> None:
    second = "      far: {driver: macvlan, parent: eth1.7, subnet: 198.51.100.0/24}\n    containers:"
    state = resolved(LAN.replace("eth1", "eth1.7").replace("    containers:", second))
    assert [name for name in by_address(state) if name.startswith("lab/parents/")] == ["lab/parents/eth1.7"]
