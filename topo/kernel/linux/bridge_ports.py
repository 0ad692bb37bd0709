"""What is particular to a port of a bridge <-> IFLA_INFO_SLAVE_DATA of its link."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from topo.kernel.linux import attributes, link_messages, port_vlans
from topo.kernel.linux.attributes import Attributes
from topo.kernel.linux.links import IFLA_INFO_SLAVE_DATA, IFLA_INFO_SLAVE_KIND, IFLA_LINKINFO
from topo.objects.veth import End

_STATE = 1
_HAIRPIN = 4  # IFLA_BRPORT_MODE
_ISOLATED = 33
_STATES = ("disabled", "listening", "learning", "forwarding", "blocking")


class Port(Struct, frozen=True):
    """What a port of a bridge is like; `state` is the spanning tree's word for whether it forwards."""

    state: str | None = None
    isolated: bool = False
    hairpin: bool = False


NO_PORT = Port()


def read(data: Attributes) -> Port:
    """What a link dump says of a port."""
    return _port(*data.several((_STATE, _ISOLATED, _HAIRPIN)))


@cache
def _port(state: bytes, isolated: bytes, hairpin: bytes) -> Port:
    """Ports by the hundred are alike."""
    word = _STATES[state[0]] if state and state[0] < len(_STATES) else None
    return Port(word, any(isolated), any(hairpin))


def messages(index: int, old: End, new: End) -> list[bytes]:
    """Those that make the one port like the other; none where there is nothing to say."""
    if new.master is None:
        return []
    # A port is nothing of all that when it joins a bridge.
    was = (old.isolated, old.hairpin, old.vlans) if old.master == new.master else (False, False, "")
    if was == (new.isolated, new.hairpin, new.vlans):
        return []
    vlans = port_vlans.change(index, was[2], new.vlans)
    alike = was[:2] == (new.isolated, new.hairpin)
    return [*vlans, *([] if alike else [link_messages.change(index, _options(new))])]


def _options(new: End) -> bytes:
    data = attributes.u8(_HAIRPIN, new.hairpin), attributes.u8(_ISOLATED, new.isolated)
    kind = attributes.text(IFLA_INFO_SLAVE_KIND, "bridge")
    return attributes.nested(IFLA_LINKINFO, kind, attributes.nested(IFLA_INFO_SLAVE_DATA, *data))


def reconfigure(index: int, old: End, new: End, first: list[bytes], more: list[bytes]) -> Iterator[bytes]:
    """The messages that turn the one into the other. What a port is like can be said when it is one (rtnl_changelink), so in
    messages of their own, `more`, and before it is up: nothing passes that shall not."""
    if first:
        yield link_messages.change(index, *first)
    yield from more
    if new.up != old.up:
        yield link_messages.change(index, up=new.up)
