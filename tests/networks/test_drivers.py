from __future__ import annotations

import pytest

from topo.networks import DRIVERS, Driver, Port, Segment

SEGMENT = Segment("n", "networks/n", "topo.t", "n", 0x74000002, "02:00:00:00:00:01", 1500)
PORT = Port(
    "a", "containers/a", "topo.t.a", "eth0", 0x74000004, "02:00:00:00:00:02", 1500, "a.eth0", 0x74000006, "02:00:00:00:00:03"
)


def test_the_folder_is_the_list() -> None:
    assert {"bridge", "host", "none"} <= set(DRIVERS)
    assert all(name == driver.name for name, driver in DRIVERS.items())


@pytest.mark.parametrize("driver", DRIVERS.values(), ids=DRIVERS)
def test_every_option_is_described(driver: Driver) -> None:
    assert driver.summary
    for schema in (*driver.options.values(), *driver.attachment_options.values()):
        assert schema["description"]
        assert schema["examples"]


@pytest.mark.parametrize("name", ["host", "none"])
def test_the_reserved_ones_make_nothing(name: str) -> None:
    driver = DRIVERS[name]
    assert driver.reserved
    assert not driver.segment
    assert not list(driver.shared(SEGMENT, [PORT]))
    assert not list(driver.attached(SEGMENT, PORT))


def test_only_host_has_no_namespace() -> None:
    assert [name for name, driver in DRIVERS.items() if not driver.namespace] == ["host"]
