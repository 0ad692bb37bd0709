"""The VLANs of the ports of bridges that filter them <-> the messages of the family AF_BRIDGE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from struct import Struct as Layout

from topo.kernel.linux import attributes
from topo.kernel.linux.links import IFINFOMSG, IFLA_EXT_MASK, Link
from topo.kernel.linux.messages import Rtm, message
from topo.kernel.linux.places import Places
from topo.kernel.linux.settings import IFLA_AF_SPEC
from topo.kernel.linux.view import View
from topo.objects import vlans

IFLA_BR_VLAN_FILTERING = 7

_AF_BRIDGE = 7
_VLAN_INFO = 2
_INFO = Layout("=HH")
"""struct bridge_vlan_info: flags, VLAN."""
_BEGIN, _END = 8, 16
_BRVLAN = 2
"""RTEXT_FILTER_BRVLAN: every VLAN by itself."""
_SHOWN = vlans.PVID | vlans.UNTAGGED


class PortVlans:
    """What the ports of a lab's fabric have, read when the first one is met whose bridge filters VLANs."""

    def __init__(self, places: Places, view: View) -> None:
        self._places, self._view = places, view
        self._filtering: frozenset[int] | None = None
        self._words: dict[int, str] | None = None

    def of(self, port: Link) -> str:
        """The words of its VLANs; "" where the bridge does not look at them."""
        if self._filtering is None:
            bridges = (link for link in self._view.links.get(port.namespace, ()) if link.kind == "bridge")
            self._filtering = frozenset(link.index for link in bridges if any(link.data.get(IFLA_BR_VLAN_FILTERING, b"")))
        if port.namespace != self._view.fabric or port.master not in self._filtering:
            return ""
        if self._words is None:
            socket = self._places(port.namespace).socket
            request = _head(0) + attributes.u32(IFLA_EXT_MASK, _BRVLAN)
            self._words = dict(map(_said, socket.dump(Rtm.RTM_GETLINK, request)))
        return self._words.get(port.index, "none")


def _said(reply: bytes) -> tuple[int, str]:
    index = IFINFOMSG.unpack_from(reply)[2]
    spec = attributes.read(reply, IFINFOMSG.size).get(IFLA_AF_SPEC, b"")
    infos = (_INFO.unpack(value) for kind, value in attributes.each(spec) if kind == _VLAN_INFO)
    return index, vlans.words({number: flags & _SHOWN for flags, number in infos})


def change(index: int, old: str, new: str) -> Iterator[bytes]:
    """The messages that turn the one into the other. What is new comes first: a port is never without."""
    before, after = vlans.flags(old), vlans.flags(new)
    come = {number: flags for number, flags in after.items() if before.get(number) != flags}
    gone = dict.fromkeys(before.keys() - after.keys(), 0)
    for kind, some in ((Rtm.RTM_SETLINK, come), (Rtm.RTM_DELLINK, gone)):
        if some:
            yield message(kind, 0, _body(index, some))


def _body(index: int, some: Mapping[int, int]) -> bytes:
    return _head(index) + attributes.nested(IFLA_AF_SPEC, *_infos(some))


def _head(index: int) -> bytes:
    return bytes([_AF_BRIDGE]) + IFINFOMSG.pack(0, 0, index, 0, 0)[1:]


def _infos(some: Mapping[int, int]) -> Iterator[bytes]:
    """Each VLAN, or the first and the last of several in a row with the same flags (br_process_vlan_info)."""
    ordered = sorted(some)
    starts = [True, *(b != a + 1 or some[a] != some[b] for a, b in pairwise(ordered))]
    for at, (number, starts_here) in enumerate(zip(ordered, starts, strict=True)):
        ends_here = at + 1 == len(ordered) or starts[at + 1]
        if starts_here or ends_here:
            row = 0 if starts_here and ends_here else _BEGIN if starts_here else _END
            yield attributes.raw(_VLAN_INFO, _INFO.pack(some[number] | row, number))
