"""What people say, as plain types: a document after defaults of form, before anything is assigned."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from topo.errors import Where
from topo.record import Record

Path = tuple[str | int, ...]
"""A place in a document: `("containers", "web", "networks", 0, "address")`."""

DEFAULT_NETWORK = "default"

FORWARDER, NAT = "forwarder", "nat"
"""How what comes from outside reaches a published port."""


_EMPTY: Mapping[str, Any] = MappingProxyType({})


class Impairment(Struct, frozen=True):
    """What becomes of packets in one direction. Times are in nanoseconds, shares of 2^32 - 1, `rate` in bytes a second, `burst`
    and `room` in bytes, `limit` in packets; 0 is none. `gilbert`: p, r, h and k of the model of Gilbert and Elliott, or ().
    """

    delay: int = 0
    jitter: int = 0
    distribution: str = "uniform"
    loss: int = 0
    gilbert: tuple[int, ...] = ()
    duplicate: int = 0
    corrupt: int = 0
    reorder: int = 0
    rate: int = 0
    burst: int = 0
    limit: int = 0
    room: int = 0


class Pair(Struct, frozen=True):
    """What becomes of all that one container sends to another on one network; back, it is another pair."""

    sender: str
    receiver: str
    impairment: Impairment
    path: Path = ()


class Network(Struct, frozen=True):
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
    pairs: tuple[Pair, ...] = ()
    options: Mapping[str, Any] = _EMPTY
    declared: bool = True
    """False: the network `default` of a file that does not declare it, or the reserved `host` and `none`."""


class Attachment(Struct, frozen=True):
    """One container on one network. `addresses` are canonical and bare ("10.0.0.2"), at most one a family and subnet."""

    network: str
    interface: str | None = None
    addresses: tuple[str, ...] = ()
    mac: str | None = None
    mtu: int | None = None
    aliases: tuple[str, ...] = ()
    impairment: Impairment | None = None
    """Of what the container sends."""
    options: Mapping[str, Any] = _EMPTY
    path: Path = ()


class Route(Struct, frozen=True):
    """A route of a container. `to` is a canonical CIDR text, with 0.0.0.0/0 and ::/0 for `default`."""

    to: str
    via: str | None = None
    interface: str | None = None
    metric: int | None = None
    type: str = "unicast"
    path: Path = ()


class Port(Struct, frozen=True):
    """A port of a container that is published on the host. `host`: an address of the host; None: its loopback addresses."""

    published: int
    target: int
    protocol: str = "tcp"
    host: str | None = None
    path: Path = ()


class Container(Struct, frozen=True):
    """A network namespace with a name. After loading, `replicas` are separate containers: web-1, web-2, ..."""

    name: str
    attachments: tuple[Attachment, ...] = ()
    loopback: tuple[str, ...] = ()
    hostname: str | None = None
    sysctls: Mapping[str, str] = _EMPTY
    routes: tuple[Route, ...] = ()
    extra_hosts: tuple[tuple[str, str], ...] = ()
    """(name, address), in the order of the file."""
    gateway_network: str | None = None
    ports: tuple[Port, ...] = ()
    publish: str = FORWARDER
    path: Path = ()
    """Where the document says it: the same for all replicas of one container."""


class Endpoint(Struct, frozen=True):
    """One end of a link. `addresses` hold a prefix length ("10.0.0.0/31") unless the link's subnet gives it."""

    container: str
    interface: str
    addresses: tuple[str, ...] = ()
    mac: str | None = None
    path: Path = ()


class Link(Struct, frozen=True):
    """A cable between two containers: no bridge, no other station on it. `forward`: what becomes of packets from the first
    endpoint to the second; `reverse`: back. `up` False: both ends are down."""

    endpoints: tuple[Endpoint, Endpoint]
    subnets: tuple[str, ...] = ()
    mtu: int | None = None
    forward: Impairment | None = None
    reverse: Impairment | None = None
    up: bool = True
    path: Path = ()


class Lab(Record, frozen=True):
    """A whole document. `places` finds the file, line and column of a path, of its value or of its key."""

    shown = frozenset({"places", "sources"})
    name: str
    networks: tuple[Network, ...] = ()
    containers: tuple[Container, ...] = ()
    links: tuple[Link, ...] = ()
    places: Mapping[Path, tuple[Where, Where]] = {}
    """path -> (where its key stands, where its value stands)."""
    sources: tuple[tuple[str, str], ...] = ()
    """(path of a file that was read, sha256 of its bytes)."""

    def where(self, path: Path, *, key: bool = False) -> Where | None:
        """The place of `path`, or of the nearest part of it that the document spells out."""
        while path:
            if path in self.places:
                return self.places[path][0 if key else 1]
            path = path[:-1]
        return None
