"""a container, a key with replicas -> what of it cannot be together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topo.document.assembly.networks import Networks
from topo.document.assembly.values import known
from topo.document.report import Report
from topo.lab import Container, Path


def check_replicas(key: str, entry: Mapping[str, Any], report: Report) -> None:
    """Reports what only one container can have, of a key with several replicas."""
    number = entry.get("replicas")
    if not isinstance(number, int) or number < 2:
        return
    path: Path = ("containers", key)
    networks = entry.get("networks")
    static = [(*path, name) for name in ("loopback", "ports") if known(entry.get(name))]
    for index, item in enumerate(networks if isinstance(networks, list) else ()):
        if isinstance(item, dict):
            static += [(*path, "networks", index, name) for name in ("address", "mac") if name in item]
    for place in static:
        what = {"mac": "MAC", "loopback": "address on lo", "ports": "port of the host"}.get(str(place[-1]), "address")
        message = f"{number} replicas cannot have one {what}"
        report.add(place, message, hint=f"remove `{place[-1]}`, or write the containers one by one", key=True, code="replicas")


def check_alone(container: Container, networks: Networks, report: Report) -> None:
    """Reports a network that is not one among several."""
    if len(container.attachments) < 2:
        return
    for attachment in container.attachments:
        driver = networks.driver(attachment.network)
        if driver and not driver.segment:
            message = f"`{attachment.network}` stands alone: a container on it is on no other network"
            hint = f"write networks: [{attachment.network}], or remove it from the list"
            report.add(attachment.path, message, hint=hint, code="network-alone")
