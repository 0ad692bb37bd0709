from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from tests.networks.test_drivers import PORT, SEGMENT
from topo.networks import DRIVERS, Segment
from topo.objects.macvlan import Macvlan

MACVLAN = DRIVERS["macvlan"]


def segment(mode: str, name: str = "n", parent: str = "eth1") -> Segment:
    return replace(SEGMENT, name=name, driver="macvlan", options={"parent": parent, "mode": mode})


def made(mode: str) -> Macvlan:
    (link,) = MACVLAN.attached(segment(mode), PORT)
    assert isinstance(link, Macvlan)
    return link


def complaints(of: Segment, ports: Any, *earlier: Segment) -> list[str]:
    return [complaint.key for complaint in MACVLAN.check(of, ports, earlier)]


def test_it_has_its_mode_and_a_mac_of_its_own() -> None:
    link = made("vepa")
    assert (link.mode, link.passthru, link.mac) == ("vepa", False, PORT.mac)


def test_in_passthru_it_has_its_parents_mac() -> None:
    link = made("passthru")
    assert (link.passthru, link.mac) == (True, None)
    assert not MACVLAN.has_macs({"mode": "passthru"})
    assert MACVLAN.has_macs({"mode": "bridge"})


def test_passthru_is_for_one() -> None:
    assert complaints(segment("bridge"), [PORT, PORT]) == []
    assert complaints(segment("passthru"), [PORT]) == []
    assert complaints(segment("passthru"), [PORT, PORT]) == ["mode"]


def test_who_has_a_parent_in_passthru_has_it_alone() -> None:
    assert complaints(segment("bridge"), [PORT], segment("private", "m")) == []
    assert complaints(segment("bridge"), [PORT], segment("passthru", "m")) == ["parent"]
    assert complaints(segment("passthru"), [PORT], segment("bridge", "m")) == ["parent"]
    assert complaints(segment("passthru"), [PORT], segment("bridge", "m", "eth2")) == []
