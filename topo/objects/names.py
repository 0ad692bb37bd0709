"""Names of labs, containers and networks <-> what the kernel calls their namespaces and devices."""

from __future__ import annotations

import re
from functools import cache
from hashlib import blake2b

from topo.lab import DEFAULT_NETWORK

PREFIX = "topo."
_LAST_VLAN = 4094

_DEFAULT_DEVICE = "default0"
"""The kernel refuses a device called `default`: /proc/sys/net has a folder of that name that is no device's."""


def fabric_of(lab: str) -> str:
    """The namespace that holds what a lab shares: `topo.shop`."""
    return PREFIX + lab


def namespace_of(lab: str, container: str) -> str:
    """The namespace of a container: `topo.shop.web`."""
    return f"{PREFIX}{lab}.{container}"


@cache  # of a thousand containers it is asked several times each
def parts(namespace: str) -> tuple[str, str | None] | None:
    """(lab, container) of a namespace's name, (lab, None) of a fabric's; None when the name is not topo's."""
    if not namespace.startswith(PREFIX):
        return None
    lab, dot, container = namespace[len(PREFIX) :].partition(".")
    return (lab, container or None) if lab and (container or not dot) else None


def owner_of(namespace: str) -> str:
    """Whose a namespace is in a plan: `lab` for the fabric, else `containers/NAME`."""
    _, container = parts(namespace) or ("", None)
    return f"containers/{container}" if container else "lab"


def is_fabric(namespace: str) -> bool:
    """Whether it is the namespace that a lab shares."""
    found = parts(namespace)
    return found is not None and found[1] is None


def device_of(network: str) -> str:
    """What a network's device is to be called: as the network is, where the kernel lets it."""
    if network == DEFAULT_NETWORK:
        return _DEFAULT_DEVICE
    # A network that is really called so must not pass for `default` in the kernel, whether or not that is there.
    return f"{network}~" if network == _DEFAULT_DEVICE else network


def network_of(device: str) -> str:
    """The network whose device is called so."""
    return {device_of(network): network for network in (DEFAULT_NETWORK, _DEFAULT_DEVICE)}.get(device, device)


def split_tag(interface: str) -> tuple[str, int] | None:
    """("eth1", 100) of `eth1.100`, which has one VLAN of another interface; None of any other name."""
    parent, dot, tag = interface.rpartition(".")
    if not dot or not parent or not re.fullmatch("[1-9][0-9]{0,3}", tag) or int(tag) > _LAST_VLAN:
        return None
    return parent, int(tag)


def temporary(*of: object) -> str:
    """A name for an interface on its way to another one, that nobody else thinks of; the same in every plan. 12 of the 15
    characters that a name may have."""
    return "topo" + blake2b(repr(of).encode(), digest_size=4).hexdigest()
