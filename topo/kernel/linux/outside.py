"""The host's namespace -> what of it a lab's way out depends on, and what of it is the lab's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set
from pathlib import Path
from struct import Struct as Layout

from msgspec import Struct

from topo.kernel.linux import attributes, host_table, inet, links, settings, uplink_alias
from topo.kernel.linux.dumps import Dump
from topo.kernel.linux.links import IFF_LOOPBACK, IFINFOMSG, Link
from topo.kernel.linux.messages import Rtm
from topo.kernel.linux.place import Place
from topo.kernel.linux.uplink_alias import Memory
from topo.objects import mark
from topo.objects.host import Host, Outer

_IFLA_IFALIAS = 20
_LINKS = IFINFOMSG.pack(0, 0, 0, 0, 0) + attributes.u32(links.IFLA_EXT_MASK, 8)
_IFADDRMSG = Layout("=BBBBI")
_RTMSG = Layout("=BBBBBBBBI")
_NDMSG = bytes(12)
_DST, _OIF, _GATEWAY, _MULTIPATH, _VIA = 1, 4, 5, 9, 18
_UNICAST, _MAIN = 1, 254


class Outside(Struct, frozen=True):
    """What was dumped. memories: index of a link -> what the alias of it says that topo made of the host. forwarding: the indexes
    of those that forward IPv4."""

    dump: Dump
    memories: Mapping[int, Memory]
    forwarding: Set[int]

    def link(self, index: int) -> Link | None:
        """The interface of that index."""
        return next((link for link in self.dump.links if link.index == index), None)

    def ends(self, lab: str) -> list[Link]:
        """The host's ends of the lab's uplinks, as far as they say so themselves."""
        return [link for link in self.dump.links if self._is_of(link, lab)]

    def _is_of(self, link: Link, lab: str) -> bool:
        memory = self.memories.get(link.index)
        return _is_uplink(link) and link.group == mark.of_lab(lab) and (memory is None or memory.lab == lab)

    def forward(self, names: Collection[str]) -> tuple[str, ...]:
        """Of these interfaces those that forward."""
        return tuple(sorted(link.name for link in self.dump.links if link.name in names and link.index in self.forwarding))

    def remembered(self, without: str | None = None) -> frozenset[str]:
        """The interfaces that labs, or all but one, made forward."""
        return frozenset(name for memory in self.memories.values() if memory.lab != without for name in memory.outer)

    def host(self, index: int) -> Host:
        """The facts that the way out of a lab is made from. index: of the end that it has already, or 0."""
        others = [link for link in self.dump.links if link.index != index]
        return Host(
            names=frozenset(name for link in others for name in (link.name, *link.altnames)),
            taken=tuple(dict.fromkeys(self._taken(index))),
            outer=tuple(self._outer()),
            ipv6=_forwards_ipv6(),
        )

    def _taken(self, own: int) -> Iterator[str]:
        for reply in self.dump.addresses:
            family, length, _, _, index = _IFADDRMSG.unpack_from(reply)
            value = attributes.read(reply, _IFADDRMSG.size).get(1)
            if value and index != own:
                yield f"{inet.text(family, value)}/{length}"
        for reply in self.dump.routes:
            family, length, *_ = _RTMSG.unpack_from(reply)
            said = attributes.read(reply, _RTMSG.size)
            if family in inet.LENGTHS and _DST in said and attributes.number(said.get(_OIF, b"")) != own:
                yield f"{inet.text(family, said[_DST])}/{length}"

    def _outer(self) -> Iterator[Outer]:
        """Those that an IPv4 route of the main table leads to; first those with a default route, then those with a gateway."""
        ranks: dict[int, int] = {}
        for reply in self.dump.routes:
            _, length, _, _, table, _, _, kind, _ = _RTMSG.unpack_from(reply)
            if reply[0] == 2 and table == _MAIN and kind == _UNICAST:
                said = attributes.read(reply, _RTMSG.size)
                rank = 0 if not length else 1 if _GATEWAY in said or _VIA in said else 2
                for index in _interfaces(said):
                    ranks[index] = min(rank, ranks.get(index, rank))
        switched = self.remembered()
        for link in sorted(self.dump.links, key=lambda link: (ranks.get(link.index, 9), link.index)):
            if link.index in ranks and not link.flags & IFF_LOOPBACK and not _is_uplink(link):
                yield Outer(link.name, link.index in self.forwarding and link.name not in switched)


def _is_uplink(link: Link) -> bool:
    """Whether it is the host's end of a lab's way out, whichever's."""
    return link.kind == "veth" and mark.is_ours(link.group) and link.nsid is not None


def read(place: Place, lab: str) -> Outside:
    """All of the host's namespace that matters. Raises OSError.

    Who deletes the link deletes its alias: then the rules of the lab, which outlive it, say what they know.
    """
    socket = place.socket
    replies = socket.dump(Rtm.RTM_GETLINK, _LINKS)
    found, memories, forwarding = [], {}, set()
    for reply in replies:
        link, said = links.link(reply, ""), attributes.read(reply, IFINFOMSG.size)
        found.append(link)
        if settings.decode(said.get(settings.IFLA_AF_SPEC, b"")).forwarding:
            forwarding.add(link.index)
        alias = said.get(_IFLA_IFALIAS)
        if alias and _is_uplink(link):
            memory = uplink_alias.parsed(attributes.string(alias))
            if memory:
                memories[link.index] = memory
    dump = Dump(
        found,
        socket.dump(Rtm.RTM_GETADDR, bytes(8)),
        socket.dump(Rtm.RTM_GETROUTE, bytes(12)),
        socket.dump(Rtm.RTM_GETNEIGH, _NDMSG),
        [],
    )
    if not any(memory.lab == lab for memory in memories.values()):
        memories[0] = Memory(lab, host_table.switched(host_table.read(place, lab)))
    return Outside(dump, memories, forwarding)


def _interfaces(said: attributes.Attributes) -> Iterator[int]:
    if _OIF in said:
        yield attributes.number(said[_OIF])
    several, at = said.get(_MULTIPATH, b""), 0
    while at + 8 <= len(several):
        length = int.from_bytes(several[at : at + 2], "little")
        yield attributes.number(several[at + 4 : at + 8])
        at += max(8, (length + 3) & ~3)


def _forwards_ipv6() -> bool:
    """Whether what comes in by IPv6 on one interface can be sent on by another: either each can be told to (Linux 6.17), or
    the host does it all the same."""
    conf = Path("/proc/sys/net/ipv6/conf")
    if (conf / "all/force_forwarding").exists():
        return True
    return (conf / "all/forwarding").exists() and (conf / "all/forwarding").read_text().strip() != "0"
