"""Outlet, Host: what a file says of a lab's way out, and what the host's namespace has that decides how it is made."""

from __future__ import annotations

from msgspec import Struct

PREFIX = "topo-"
"""What the host's end of an uplink is called in every lab, and nothing else, and the table of its rules: by it these know the
traffic of a lab from that of others."""

IPV6 = "6/"
"""What stands before the name of an interface that is to forward IPv6."""


class Shortcut(Struct, frozen=True):
    """A published port that the kernels of host and fabric lead on themselves (NAT): what comes from outside for `host` (an
    address of the host's, or 0.0.0.0 or :: for each) and `port` goes to `inner` of the fabric, and from there to `to` and
    `target`."""

    protocol: str
    host: str
    port: int
    inner: int
    to: str
    target: int


class Outlet(Struct, frozen=True):
    """What the file says of a lab's way out. nat, routed: the bridges of its networks that have one, and of the routed ones the
    subnets. used: the subnets of the lab. versions: the families that go out. open_forward: whether rules of the lab's may
    stand in chains of others that drop what is forwarded."""

    lab: str
    device: str
    mtu: int
    nat: tuple[str, ...] = ()
    routed: tuple[str, ...] = ()
    subnets: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    versions: tuple[int, ...] = (4,)
    published: tuple[Shortcut, ...] = ()
    open_forward: bool = True


class Outer(Struct, frozen=True):
    """An interface by which the host reaches others; by IPv6: `6/eth0` (no interface has a / in its name). `forwards`: by itself,
    not because a lab needs it. `bridge`: it has ports, and rules may see what goes from one to another (br_netfilter)."""

    name: str
    forwards: bool = False
    bridge: bool = False


class Host(Struct, frozen=True):
    """names: of its interfaces. taken: subnets that it has an address or a route in, but for default routes. outer: in order of
    use, those with a default route first; by IPv6 none on a kernel on which one cannot forward unless all do (before 6.17).
    doors: the chains of others (`ip filter DOCKER-USER`) in which a rule must let through what else would be dropped.
    resolvers: its own addresses at which it answers for names, as its resolv.conf says."""

    names: frozenset[str] = frozenset()
    taken: tuple[str, ...] = ()
    outer: tuple[Outer, ...] = ()
    doors: tuple[str, ...] = ()
    resolvers: tuple[str, ...] = ()


UNKNOWN = Host()
"""A host of which nothing is known: the plan between two files is made for it."""
