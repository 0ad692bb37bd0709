"""Outlet, Host: what a file says of a lab's way out, and what the host's namespace has that decides how it is made."""

from __future__ import annotations

from msgspec import Struct

PREFIX = "topo-"
"""What the host's end of an uplink is called in every lab, and nothing else, and the table of its rules: by it these know the
traffic of a lab from that of others."""


class Outlet(Struct, frozen=True):
    """What the file says of a lab's way out. nat, routed: the bridges of its networks that have one, and of the routed ones the
    subnets. used: the subnets of the lab. versions: the families that go out."""

    lab: str
    device: str
    mtu: int
    nat: tuple[str, ...] = ()
    routed: tuple[str, ...] = ()
    subnets: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    versions: tuple[int, ...] = (4,)


class Outer(Struct, frozen=True):
    """An interface by which the host reaches others. `forwards`: by itself, not because a lab needs it."""

    name: str
    forwards: bool = False


class Host(Struct, frozen=True):
    """names: of its interfaces. taken: subnets that it has an address or a route in, but for default routes. outer: in order of
    use, those with a default route first. ipv6: whether what arrives by IPv6 can be sent on without changing the host as a whole.
    """

    names: frozenset[str] = frozenset()
    taken: tuple[str, ...] = ()
    outer: tuple[Outer, ...] = ()
    ipv6: bool = True


UNKNOWN = Host()
"""A host of which nothing is known: the plan between two files is made for it."""
