"""The reserved network `host`: the container is a name for the host's own namespace."""

from __future__ import annotations

from topo.networks.driver import Driver

DRIVER = Driver(
    name="host",
    summary="no namespace is made: the container is a name for the host's own",
    segment=False,
    namespace=False,
    reserved=True,
)
