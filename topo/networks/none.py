"""The reserved network `none`: a namespace with nothing but lo in it."""

from __future__ import annotations

from topo.networks.driver import Driver

DRIVER = Driver(
    name="none",
    summary="no network: a namespace with nothing but lo, and the links that the file gives it",
    segment=False,
    reserved=True,
)
