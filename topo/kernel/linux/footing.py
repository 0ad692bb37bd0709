"""Links that are to stand on interfaces of the host's -> what is against it, before anything is touched; what will surprise."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from struct import Struct as Layout

from topo.errors import KernelError
from topo.kernel.linux import attributes, links
from topo.kernel.linux import link_messages as messages
from topo.kernel.linux.links import Link
from topo.kernel.linux.messages import Rtm
from topo.kernel.linux.sockets import RouteSocket
from topo.objects.names import split_tag
from topo.objects.upper import Upper

_FEW = 8
_IFADDRMSG = Layout("=BxxBI")
"""The family of an address, its scope (0: it is everywhere the same), the index of the interface."""


def check(things: Sequence[Upper]) -> Mapping[str, KernelError]:
    """plan address -> why a link cannot be made: no such parent, or one that is down, too small, or somebody else's port."""
    socket = RouteSocket()
    try:
        seen = {link.name: link for link in links.dump(socket, "")}
        lacking = {kind for kind in {thing.kind for thing in things} if not knows(socket, kind)}
    finally:
        socket.close()
    wrong = {thing.address: _wrong(thing, seen, lacking) for thing in things}
    return {address: error for address, error in wrong.items() if error}


def knows(socket: RouteSocket, kind: str) -> bool:
    """Whether the kernel has this kind of link: it says of one without a parent that it lacks that, or that it knows no such
    kind. Nothing is made."""
    info = attributes.nested(links.IFLA_LINKINFO, attributes.text(links.IFLA_INFO_KIND, kind))
    refusals = socket.send([messages.create(0, info)])
    return not any(refusal.errno == errno.EOPNOTSUPP for refusal in refusals.values())


def _wrong(thing: Upper, seen: Mapping[str, Link], lacking: Iterable[str]) -> KernelError | None:
    parts = split_tag(thing.parent)
    below = parts[0] if parts and thing.parent not in seen else thing.parent
    if thing.kind in lacking:
        return missing(thing.kind)
    if error := not_there(below, seen):
        return None if parts else error  # an object of its own, which is made or set up, says it
    parent = seen[below]
    if parent.master and below == thing.parent:
        master = next((link.name for link in seen.values() if link.index == parent.master), "another interface")
        hint = f"use {master} as the parent"
        return KernelError(f"the host's interface {below} is a port of {master}", errno=errno.EBUSY, hint=hint)
    if parent.mtu < thing.mtu:
        message = f"an MTU of {thing.mtu} on the host's interface {below}, which has {parent.mtu}"
        return KernelError(message, errno=errno.EINVAL, hint=f"write mtu: {parent.mtu}, or less")
    return None


def missing(kind: str) -> KernelError:
    """The error of a kernel that does not know a kind of link."""
    if kind == "vlan":  # of a parent like eth1.100: its module is called by the standard
        hint = "load its module (modprobe 8021q), or write a parent without a VLAN"
        return KernelError("this kernel has no interfaces with a VLAN", errno=errno.EOPNOTSUPP, hint=hint)
    hint = f"load its module (modprobe {kind}), or use another driver"
    return KernelError(f"this kernel has no {kind}", errno=errno.EOPNOTSUPP, hint=hint)


def not_there(name: str, seen: Mapping[str, Link]) -> KernelError | None:
    """The error where an interface of the host's is missing or down."""
    if name not in seen:
        return KernelError(f"the host has no interface {name}", errno=errno.ENODEV, hint=_others(seen))
    if not seen[name].up:
        return KernelError(f"the host's interface {name} is down", errno=errno.ENETDOWN, hint=f"ip link set {name} up")
    return None


def advice(things: Iterable[Upper]) -> Iterator[str]:
    """Sentences on what cannot work with these parents, and looks as if it did."""
    things = tuple(things)
    named = sorted({thing.parent for thing in things})
    with_macs = {thing.parent for thing in things if thing.mac}
    with_address = _with_address()
    for parent in named:
        if parent in with_address:
            yield (
                f"the host itself and the containers on {parent} do not reach each other: what a container sends leaves by"
                f" {parent}, and the host does not hear what it sends there"
            )
        if parent in with_macs and any(os.path.exists(f"/sys/class/net/{parent}/{sign}") for sign in ("wireless", "phy80211")):
            yield (
                f"{parent} is wireless: an access point takes only frames from the MAC that logged in to it, so that"
                " containers with MACs of their own are not heard"
            )


def _with_address() -> frozenset[str]:
    """The host's interfaces that have an address by which others know them."""
    socket = RouteSocket()
    try:
        having = {index for _, scope, index in map(_IFADDRMSG.unpack_from, socket.dump(Rtm.RTM_GETADDR, bytes(8))) if not scope}
        return frozenset(link.name for link in links.dump(socket, "") if link.index in having)
    finally:
        socket.close()


def _others(seen: Mapping[str, Link]) -> str:
    names = [name for name, link in seen.items() if not link.flags & links.IFF_LOOPBACK]
    more = ", ..." if len(names) > _FEW else ""
    return f"its interfaces: {', '.join(names[:_FEW])}{more}" if names else "it has none but lo"
