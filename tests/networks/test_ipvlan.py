from __future__ import annotations

from msgspec.structs import replace

from tests.networks.test_drivers import PORT, SEGMENT
from topo.networks import DRIVERS, Segment
from topo.objects.ipvlan import Ipvlan

IPVLAN = DRIVERS["ipvlan"]


def segment(mode: str, name: str = "n", parent: str = "eth1", driver: str = "ipvlan") -> Segment:
    return replace(SEGMENT, name=name, driver=driver, options={"parent": parent, "mode": mode})


def complaints(of: Segment, *earlier: Segment) -> list[str]:
    return [complaint.key for complaint in IPVLAN.check(of, [PORT], earlier)]


def test_it_has_its_mode_and_asks_for_no_mac() -> None:
    (link,) = IPVLAN.attached(segment("l3s"), PORT)
    assert isinstance(link, Ipvlan)
    assert (link.mode, link.mac) == ("l3s", None)
    assert not IPVLAN.has_macs({"mode": "l2"})


def test_a_parent_has_one_mode() -> None:
    assert complaints(segment("l2"), segment("l2", "m")) == []
    assert complaints(segment("l2"), segment("l3", "m", "eth2")) == []
    assert complaints(segment("l2"), segment("l3", "m")) == ["mode"]


def test_a_parent_bears_one_kind() -> None:
    assert complaints(segment("l2"), segment("bridge", "m", driver="macvlan")) == ["parent"]
    assert complaints(segment("l2"), replace(SEGMENT, driver="bridge")) == []
