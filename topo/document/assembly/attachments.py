"""an entry of a container's `networks` -> Attachment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from topo.document.assembly.families import unique
from topo.document.assembly.impairments import impairment
from topo.document.assembly.networks import Networks
from topo.document.assembly.values import known, known_at
from topo.document.report import Report
from topo.document.schema.impairments import IMPAIRMENT
from topo.lab import Attachment, Path
from topo.networks import DRIVERS

_READ: Mapping[str, tuple[str, Callable[[Any, Path, Report], Any]]] = {
    "interface": ("interface", known_at),
    "address": ("addresses", unique),
    "mac": ("mac", known_at),
    "mtu": ("mtu", known_at),
    "aliases": ("aliases", unique),
}
"""A key of an interface -> the field that it fills, and what becomes of its value."""
_OF_DRIVERS = frozenset(key for driver in DRIVERS.values() for key in driver.attachment_options)


def attachment(entry: Any, path: Path, networks: Networks, report: Report) -> Attachment | None:
    """The attachment that a name or a map says, or None when it does not say to which network."""
    if isinstance(entry, str):
        networks.check(entry, path)
        return Attachment(entry, path=path)
    entry = known(entry)
    if entry is None:
        return None
    network = known(entry["network"])
    if network is not None:
        networks.check(network, (*path, "network"))
        _check_options(entry, network, path, networks, report)
    driver = networks.driver(network or "")
    given = {_READ[key][0]: _READ[key][1](entry[key], (*path, key), report) for key in entry if key in _READ}
    if not IMPAIRMENT.keys().isdisjoint(entry):
        given["impairment"] = impairment(entry, path, report)
    options = driver.attachment_options if driver else {}
    if options:
        read = {key: known_at(entry.get(key), (*path, key), report) for key in options}
        given["options"] = MappingProxyType({key: value for key, value in read.items() if value is not None})
    return Attachment(network or "", path=path, **given)


def _check_options(entry: Mapping[str, Any], network: str, path: Path, networks: Networks, report: Report) -> None:
    driver = networks.driver(network)
    if driver is None:
        return
    for key in entry:
        if (key in _READ or key in IMPAIRMENT) and not driver.segment:
            message = f"`{network}` gives no interface that could have it"
            report.add((*path, key), message, hint="remove it", key=True, code="network-without-interfaces", harmless=True)
        elif key in _OF_DRIVERS and key not in driver.attachment_options:
            message = f"{network} is a network of the driver {driver.name}, which does not have this key"
            report.add((*path, key), message, hint="remove it", key=True, code="unknown-key", harmless=True)
