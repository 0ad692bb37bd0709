"""What people say, as plain types: a document after defaults of form, before anything is assigned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from topo.errors import Where

Path = tuple[str | int, ...]
"""A place in a document: `("containers", "web", "networks", 0, "address")`."""

DEFAULT_NETWORK = "default"


def _empty() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Network:
    """A layer 2 domain. `subnets` are canonical CIDR texts; `options` are its driver's own keys.

    `gateway` is None (the first host address of each subnet), () (no gateway: the file says `false`), or addresses, at most one
    a subnet.
    """

    name: str
    driver: str = "bridge"
    subnets: tuple[str, ...] = ()
    gateway: tuple[str, ...] | None = None
    mtu: int | None = None
    mac: str | None = None
    options: Mapping[str, Any] = field(default_factory=_empty)
    declared: bool = True
    """False: the network `default` of a file that does not declare it, or the reserved `host` and `none`."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One container on one network. `addresses` are bare addresses ("10.0.0.2"), at most one a family and subnet."""

    network: str
    interface: str | None = None
    addresses: tuple[str, ...] = ()
    mac: str | None = None
    mtu: int | None = None
    aliases: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=_empty)
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Route:
    """A route of a container. `to` is a canonical CIDR text, with 0.0.0.0/0 and ::/0 for `default`."""

    to: str
    via: str | None = None
    interface: str | None = None
    metric: int | None = None
    type: str = "unicast"
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Container:
    """A network namespace with a name. After loading, `replicas` are separate containers: web-1, web-2, ..."""

    name: str
    attachments: tuple[Attachment, ...] = ()
    loopback: tuple[str, ...] = ()
    hostname: str | None = None
    sysctls: Mapping[str, str] = field(default_factory=_empty)
    routes: tuple[Route, ...] = ()
    extra_hosts: tuple[tuple[str, str], ...] = ()
    """(name, address), in the order of the file."""
    gateway_network: str | None = None
    path: Path = ()
    """Where the document says it: the same for all replicas of one container."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One end of a link. `addresses` hold a prefix length ("10.0.0.0/31") unless the link's subnet gives it."""

    container: str
    interface: str
    addresses: tuple[str, ...] = ()
    mac: str | None = None
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A cable between two containers: no bridge, no other station on it."""

    endpoints: tuple[Endpoint, Endpoint]
    subnets: tuple[str, ...] = ()
    mtu: int | None = None
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Lab:
    """A whole document. `places` finds the file, line and column of a path, of its value or of its key."""

    name: str
    networks: tuple[Network, ...] = ()
    containers: tuple[Container, ...] = ()
    links: tuple[Link, ...] = ()
    places: Mapping[Path, tuple[Where, Where]] = field(default_factory=dict, compare=False, repr=False)
    """path -> (where its key stands, where its value stands)."""
    sources: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    """(path of a file that was read, sha256 of its bytes)."""

    def where(self, path: Path, *, key: bool = False) -> Where | None:
        """The place of `path`, or of the nearest part of it that the document spells out."""
        while path:
            if path in self.places:
                return self.places[path][0 if key else 1]
            path = path[:-1]
        return None
