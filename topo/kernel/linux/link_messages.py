"""What an interface is to be -> the messages that make, change and delete it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from topo.kernel.linux import attributes, settings
from topo.kernel.linux.links import (
    IFF_UP,
    IFINFOMSG,
    IFLA_ADDRESS,
    IFLA_GROUP,
    IFLA_IFNAME,
    IFLA_INFO_DATA,
    IFLA_INFO_KIND,
    IFLA_LINKINFO,
    IFLA_MTU,
    VETH_INFO_PEER,
)
from topo.kernel.linux.messages import NEW, Rtm, message
from topo.objects.settings import Settings

_VETH = attributes.text(IFLA_INFO_KIND, "veth")


class Interface(Protocol):
    """What all kinds of link have in common. `mac` None: it is not asked for."""

    @property
    def name(self) -> str: ...
    @property
    def mark(self) -> int: ...
    @property
    def mac(self) -> str | None: ...
    @property
    def mtu(self) -> int: ...
    @property
    def up(self) -> bool: ...
    @property
    def settings(self) -> Settings | None: ...


def body(index: int, *more: bytes, up: bool | None = None) -> bytes:
    """The fixed part and the attributes of a message about a link; `up` None leaves that as it is."""
    flags, change = (0, 0) if up is None else (IFF_UP if up else 0, IFF_UP)
    return IFINFOMSG.pack(0, 0, index, flags, change) + b"".join(more)


def create(index: int, *more: bytes) -> bytes:
    """The message that makes a link, down, with the index that it is to have."""
    return message(Rtm.RTM_NEWLINK, NEW, body(index, *more))


def change(index: int, *more: bytes, up: bool | None = None) -> bytes:
    """The message that changes a link: its attributes, and whether it is up."""
    return message(Rtm.RTM_NEWLINK, 0, body(index, *more, up=up))


def delete(index: int) -> bytes:
    """The message that deletes a link, of a veth pair both ends."""
    return message(Rtm.RTM_DELLINK, 0, body(index))


def cable(peer: bytes) -> bytes:
    """The attribute that makes of a link a veth; `peer` is what makes its other end: see `body`."""
    other = attributes.nested(IFLA_INFO_DATA, attributes.nested(VETH_INFO_PEER, peer))
    return attributes.nested(IFLA_LINKINFO, _VETH, other)


def differences(old: Interface, new: Interface) -> list[bytes]:
    """The attributes that turn the one into the other. None is sent that is the same: a MAC that is set flushes the
    permanent neighbours, even when it does not change."""
    found: list[bytes] = []
    if old.name != new.name:
        found.append(attributes.text(IFLA_IFNAME, new.name))
    if new.mac and old.mac != new.mac:
        found.append(attributes.mac(IFLA_ADDRESS, new.mac))
    if old.mtu != new.mtu:
        found.append(attributes.u32(IFLA_MTU, new.mtu))
    if old.mark != new.mark:
        found.append(attributes.u32(IFLA_GROUP, new.mark))
    return found


def reconfigure(index: int, old: Interface, new: Interface, first: list[bytes]) -> Iterator[bytes]:
    """The messages that turn the one into the other, with the attributes that are to be sent `first`.

    Settings go in before the interface comes up, in a message of their own: in one message the kernel brings it up first
    (do_setlink), and has given it an fe80:: address by the time it reads that there shall be none.
    """
    up = new.up if new.up != old.up else None
    if new.settings is None or (old.settings == new.settings and not gains_ipv6(old, new)):
        if first or up is not None:
            yield change(index, *first, up=up)
        return
    if first:
        yield change(index, *first)
    yield change(index, settings.encode(new.settings, new.mtu))
    if up is not None:
        yield change(index, up=up)


def gains_ipv6(old: Interface, new: Interface) -> bool:
    """Whether the kernel makes the interface's IPv6 side anew, with the namespace's defaults, as the MTU grows."""
    return old.mtu < settings.IPV6_MIN_MTU <= new.mtu
