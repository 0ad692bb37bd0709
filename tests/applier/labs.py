"""Small labs, as states and as plans against a kernel."""

from __future__ import annotations

from topo.document import loads
from topo.kernel.protocol import Kernel
from topo.objects import State
from topo.observer import observe
from topo.planner import plan
from topo.planner.plan import Plan
from topo.resolver import resolve

WEB_AND_DB = (
    "{name: shop, networks: {front: {subnet: 10.0.0.0/24}}, containers: {web: {networks: [front]}, db: {networks: [front]}}}"
)
ONLY_WEB = "{name: shop, networks: {front: {subnet: 10.0.0.0/24}}, containers: {web: {networks: [front]}}}"
LARGE_MTU = WEB_AND_DB.replace("10.0.0.0/24", "10.0.0.0/24, mtu: 9000")


def state(text: str) -> State:
    """The desired state of a document."""
    return resolve(loads(text))


def planned(kernel: Kernel, text: str) -> Plan:
    """The plan that makes the kernel hold a document."""
    desired = state(text)
    return plan(desired, observe(kernel, desired.lab))
