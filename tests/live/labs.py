"""Documents that several live tests start from, as functions, so that each test edits its own copy."""

from __future__ import annotations

from typing import Any


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
