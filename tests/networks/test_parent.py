from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.networks.test_drivers import PORT, SEGMENT
from topo.networks import DRIVERS, Driver
from topo.networks.parent import parent_of
from topo.objects.tagged import Tagged
from topo.objects.upper import Upper

ON_PARENTS = [driver for driver in DRIVERS.values() if "parent" in driver.options]


def test_a_file_that_does_not_say_it_has_been_told_so() -> None:
    assert parent_of(SEGMENT) == ""
    assert parent_of(replace(SEGMENT, options={"parent": "eth1"})) == "eth1"


@pytest.mark.parametrize("driver", ON_PARENTS, ids=lambda driver: driver.name)
def test_they_are_on_a_lan_and_make_one_link_and_nothing_for_it_in_the_fabric(driver: Driver) -> None:
    assert driver.lan
    options = {key: schema.get("default") for key, schema in driver.options.items()} | {"parent": "eth1"}
    segment = replace(SEGMENT, options=options)
    assert not list(driver.shared(segment, [PORT]))
    (link,) = driver.attached(segment, PORT)
    assert isinstance(link, Upper)
    assert (link.kind, link.namespace, link.name, link.parent) == (driver.name, "topo.t.a", "eth0", "eth1")
    assert (link.mark, link.mtu, link.owner) == (PORT.mark, PORT.mtu, PORT.owner)


@pytest.mark.parametrize("driver", ON_PARENTS, ids=lambda driver: driver.name)
def test_one_with_a_vlan_is_an_object_of_the_labs(driver: Driver) -> None:
    (parent,) = driver.shared(replace(SEGMENT, options={"parent": "eth1.100", "mode": ""}), [PORT])
    assert isinstance(parent, Tagged)
    assert (parent.address, parent.parent, parent.tag) == ("lab/parents/eth1.100", "eth1", 100)
