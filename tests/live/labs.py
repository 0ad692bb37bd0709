"""Documents that several live tests start from, as functions, so that each test edits its own copy."""

from __future__ import annotations

from typing import Any

import pytest


def shop() -> dict[str, Any]:
    """Two networks, of which one speaks both families; four containers; two cables."""
    return {
        "networks": {
            "front": {"subnet": ["10.0.0.0/24", "fd00::/64"]},
            "back": {"subnet": "10.1.0.0/24"},
        },
        "containers": {
            "web": {
                "networks": [{"network": "front", "address": "10.0.0.10"}],
                "loopback": ["10.255.0.1/32"],
                "sysctls": {"net.ipv4.ip_default_ttl": 99},
                "routes": [{"to": "198.51.100.0/24", "via": "10.0.0.1"}],
            },
            "db": {"networks": ["front", "back"]},
            "one": {"networks": [{"network": "front", "address": ["10.0.0.21", "fd00::21"]}]},
            "two": {"networks": [{"network": "front", "address": ["10.0.0.22", "fd00::22"]}]},
        },
        "links": [{"endpoints": ["web:p0", "db:p0"], "subnet": "10.2.0.0/31"}],
    }


def pair(**more: Any) -> dict[str, Any]:
    """The smallest lab in which two talk."""
    return {"containers": {"a": None, "b": None}, **more}


def outside(driver: str, parent: str = "eth1") -> dict[str, Any]:
    """Three containers on the network that the host's eth1 is on: the fixture `lan`."""
    containers = {
        name: {"networks": [{"network": "lan", "address": [f"192.0.2.{last}", f"fd00:2::{last}"]}]}
        for name, last in (("web", 10), ("one", 21), ("two", 22))
    }
    network = {"driver": driver, "parent": parent, "subnet": ["192.0.2.0/24", "fd00:2::/64"]}
    return {"networks": {"lan": network}, "containers": containers}


def _trunk(web: dict[str, Any]) -> dict[str, Any]:
    lab = outside("bridge")
    lab["networks"]["lan"] = {"subnet": ["192.0.2.0/24", "fd00:2::/64"], "vlan_filtering": True}
    for name, options in {"one": {"vlan": 10}, "two": {"vlan": 10}, "web": web}.items():
        lab["containers"][name]["networks"][0].update(options)
    return lab


def _impaired(attachment: dict[str, Any], link: dict[str, Any]) -> dict[str, Any]:
    lab = outside("bridge")
    lab["networks"]["lan"] = {"subnet": ["192.0.2.0/24", "fd00:2::/64"]}
    lab["containers"]["web"]["networks"][0].update(attachment)
    lab["containers"]["db"] = {"networks": []}
    lab["links"] = [{"endpoints": ["web:p0", "db:p0"], "subnet": "10.2.0.0/31", **link}]
    return lab


def _edited(lab: dict[str, Any], **web: Any) -> dict[str, Any]:
    lab["containers"]["web"]["networks"][0].update(
        {"interface": "lan0", "mtu": 1400, "address": ["192.0.2.11", "fd00:2::11"], **web}
    )
    lab["containers"]["db"] = {
        "networks": [{"network": "lan", "address": ["192.0.2.12", "fd00:2::12"]}],
        "hostname": "db.example",
    }
    return lab


def _moved() -> dict[str, Any]:
    lab = outside("macvlan", "eth1.100")
    lab["networks"]["far"] = {"driver": "macvlan", "parent": "eth1.200", "subnet": "198.51.100.0/25"}
    lab["containers"]["web"]["networks"] = [{"network": "far", "address": "198.51.100.10"}]
    return lab


ELSEWHERE: dict[str, tuple[tuple[str, ...], dict[str, Any], dict[str, Any]]] = {
    "macvlan": ((), outside("macvlan"), _edited(outside("macvlan"), mac="02:00:00:00:00:07")),
    "ipvlan": (("ipvlan",), outside("ipvlan"), _edited(outside("ipvlan"))),
    "vlan": (("vlan",), outside("macvlan", "eth1.100"), _moved()),
    "trunk": (("vlan filtering",), _trunk({"vlan": 20}), _edited(_trunk({"trunk": [10, "20-30"]}))),
    "impaired": (
        ("netem",),
        _impaired({"delay": "5ms"}, {"delay": "5ms", "loss": "1%"}),
        _impaired({"rate": "20mbit"}, {"delay": "9ms", "jitter": "1ms", "distribution": "normal", "rate": "1gbit"}),
    ),
}
"""Labs with what not every kernel has: what they need of it, the lab, and after an edit of which `one` and `two` know nothing."""

CASES = [
    pytest.param(*labs, id=name, marks=pytest.mark.needs(*needed) if needed else pytest.mark.vm)
    for name, (needed, *labs) in ELSEWHERE.items()
]
"""Of these, (before, after) for parametrize."""
