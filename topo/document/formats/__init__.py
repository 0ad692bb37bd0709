"""text -> canonical value, for every `format` that the schema names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from topo.document.formats import addresses, hosts, names, numbers, ports, quantities
from topo.document.formats.wrong import Wrong

__all__ = ["FORMATS", "Wrong"]

FORMATS: Mapping[str, Callable[[str], Any]] = {
    "topo-lab": names.lab,
    "topo-network": names.network,
    "topo-network-reference": names.network_reference,
    "topo-container": names.container,
    "topo-interface": names.interface,
    "topo-endpoint": names.endpoint,
    "topo-hostname": hosts.hostname,
    "topo-alias": hosts.alias,
    "topo-host": hosts.pair,
    "topo-address": addresses.address,
    "topo-address-with-prefix": addresses.with_prefix,
    "topo-router": addresses.router,
    "topo-subnet": addresses.subnet,
    "topo-destination": addresses.destination,
    "topo-loopback": addresses.loopback,
    "topo-mac": addresses.mac,
    "topo-duration": numbers.duration,
    "topo-time": quantities.time,
    "topo-jitter": quantities.jitter,
    "topo-share": quantities.share,
    "topo-rate": quantities.rate,
    "topo-size": quantities.size,
    "topo-limit": quantities.limit,
    "topo-vlans": numbers.vlans,
    "topo-ports": ports.ports,
    "topo-port": ports.port,
    "topo-protocol": ports.protocol,
    "topo-host-address": ports.host_address,
    "topo-sysctl": names.sysctl,
    "topo-sysctl-value": numbers.sysctl_value,
    "topo-sysctl-pair": numbers.sysctl_pair,
}
