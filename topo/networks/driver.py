"""Driver, Segment, Port: all that the project knows of one kind of network, and what its functions are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from topo.objects import Object
from topo.objects.settings import BASELINE, Settings

_EMPTY: Mapping[str, Any] = MappingProxyType({})


def version_of(text: str) -> int:
    """4 or 6: the family of an address, with a prefix length or without."""
    return 6 if ":" in text else 4


class Assigned(Struct, frozen=True):
    """An address with its prefix length ("10.0.0.2/24") and without (`bare`), its family (4 or 6), and the IPv4 broadcast
    address of its subnet where it has one."""

    ip: str
    bare: str
    version: int
    broadcast: str | None = None

    @classmethod
    def of(cls, ip: str, broadcast: str | None = None) -> Assigned:
        """The address that a text with a prefix length says."""
        return cls(ip, ip.partition("/")[0], version_of(ip), broadcast)


class Segment(Struct, frozen=True):
    """A network with everything decided. What a driver makes for all of it has `owner` (`networks/front`).

    fabric: the lab's shared namespace. device, mark, mac: for the one device there that is the network's own; the name is
    unique in the fabric, the MAC on the network. gateways: at most one a subnet, in the order of the subnets.
    link_local: the device's fe80:: address, when it has an IPv6 gateway. plug: what the two ends of a cable to a bridge of the
    host's are called, in the fabric and in the host's namespace. driver: the name of the driver; options: its own,
    defaults filled in.
    """

    name: str
    owner: str
    fabric: str
    device: str
    mark: int
    mac: str
    mtu: int
    gateways: tuple[Assigned, ...] = ()
    link_local: Assigned | None = None
    plug: tuple[str, str] = ("", "")
    driver: str = ""
    options: Mapping[str, Any] = _EMPTY


class Port(Struct, frozen=True):
    """One container on a network, with everything decided. What a driver makes for it has `owner` (`containers/web`).

    interface, mark, mac, settings: for the interface in the container's namespace. addresses, link_local: what that will
    have; the driver does not make them. port, port_mark, port_mac: for the device in the fabric that it is plugged in by.
    options: the driver's own of an attachment, defaults filled in. given: the keys that the file writes of this attachment.
    """

    container: str
    owner: str
    namespace: str
    interface: str
    mark: int
    mac: str
    mtu: int
    port: str
    port_mark: int
    port_mac: str
    addresses: tuple[Assigned, ...] = ()
    link_local: Assigned | None = None
    settings: Settings = BASELINE
    options: Mapping[str, Any] = _EMPTY
    given: frozenset[str] = frozenset()


class Complaint(Struct, frozen=True):
    """What does not go together in a network: the key to blame, of an attachment (`port`) or (None) of the network."""

    port: Port | None
    key: str
    message: str
    hint: str


def nothing_shared(segment: Segment, ports: Sequence[Port]) -> Iterable[Object]:
    """The answer of a driver whose networks have nothing of their own in a kernel."""
    return ()


def nothing_attached(segment: Segment, port: Port) -> Iterable[Object]:
    """The answer of a driver that puts nothing into a container."""
    return ()


def no_complaints(segment: Segment, ports: Sequence[Port], earlier: Sequence[Segment]) -> Iterable[Complaint]:
    """The answer of a driver all of whose options go together."""
    return ()


def never(options: Mapping[str, Any]) -> bool:
    """The same, of what is not so."""
    return False


def always(options: Mapping[str, Any]) -> bool:
    """The answer of a driver for which it does not depend on the options."""
    return True


class Driver(Struct, frozen=True):
    """One kind of network: `driver: NAME` in a file.

    options: JSON schemas of the keys that a network of this kind has besides those of every network (subnet, gateway, mtu,
    mac), each with description, default and examples. attachment_options: the same for an entry of a container's `networks`.
    shared: the objects of the network as a whole. attached: those of one container on it: its interface, and what goes with
    that; its addresses, routes and names are made by the resolver for every driver alike. Both are pure.

    segment: a layer 2 domain: it has subnets, and each container on it an interface. When not, it stands alone in a
    container's list. namespace: its containers have a namespace of their own. reserved: it is not declared: every lab has one
    network of this driver, with its name. most: how many attachments a network can have (None: any number).

    lan: its containers are on a network outside, where others are too: subnet and addresses must be given, there is no device
    of topo's on it (a gateway is somebody else's), and the MACs depend on the lab's name as well. lan_if: whether that is so
    by what the options say (then there is a device, without an address). has_macs: of the options:
    whether the containers' interfaces have MACs of their own. ports: each container hangs on a port of a bridge in the fabric,
    by which it is known who sends to whom: so `impair` can list pairs of them. check(segment, ports, the
    networks that come before it): what of the options does not go together.
    """

    name: str
    summary: str
    options: Mapping[str, Mapping[str, Any]] = _EMPTY
    attachment_options: Mapping[str, Mapping[str, Any]] = _EMPTY
    shared: Callable[[Segment, Sequence[Port]], Iterable[Object]] = nothing_shared
    attached: Callable[[Segment, Port], Iterable[Object]] = nothing_attached
    segment: bool = True
    namespace: bool = True
    reserved: bool = False
    most: int | None = None
    lan: bool = False
    lan_if: Callable[[Mapping[str, Any]], bool] = never
    has_macs: Callable[[Mapping[str, Any]], bool] = always
    ports: bool = False
    check: Callable[[Segment, Sequence[Port], Sequence[Segment]], Iterable[Complaint]] = no_complaints

    def is_lan(self, options: Mapping[str, Any]) -> bool:
        """Whether a network with these options is one on which others are."""
        return self.lan or self.lan_if(options)
