"""The kinds of network, one file each; a file with a `DRIVER` in it is a kind, and nothing else names it."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from topo.networks.driver import Assigned, Complaint, Driver, Port, Segment, version_of

__all__ = ["DRIVERS", "Assigned", "Complaint", "Driver", "Port", "Segment", "version_of"]


def _found() -> Mapping[str, Driver]:
    modules = (import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    drivers = (module.DRIVER for module in modules if hasattr(module, "DRIVER"))
    return MappingProxyType({driver.name: driver for driver in sorted(drivers, key=lambda driver: driver.name)})


DRIVERS: Mapping[str, Driver] = _found()
