"""The host's namespace -> what of it a lab's way out depends on, and what of it is the lab's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from socket import AF_INET, AF_INET6

from msgspec import Struct

from topo.kernel.linux import attributes, host_table, inet, links, nameservers, settings, uplink_alias
from topo.kernel.linux.dumps import Dump
from topo.kernel.linux.links import IFF_LOOPBACK, IFINFOMSG, Link
from topo.kernel.linux.messages import Rtm
from topo.kernel.linux.place import Place
from topo.kernel.linux.uplink_alias import Memory
from topo.objects import mark
from topo.objects.host import IPV6, Host, Outer

_IFLA_IFALIAS = 20
_LINKS = IFINFOMSG.pack(0, 0, 0, 0, 0) + attributes.u32(links.IFLA_EXT_MASK, 8)
_NDMSG = bytes(12)
_ADDRESS, _LOCAL = 1, 2
_DST, _OIF, _GATEWAY, _MULTIPATH, _VIA = 1, 4, 5, 9, 18
_UNICAST, _MAIN = 1, 254
_LINK_LOCAL = b"\xfe\x80"
_CONF = Path("/proc/sys/net/ipv6/conf")


class Outside(Struct, frozen=True):
    """What was dumped. memories: index of a link -> what the alias of it says that topo made of the host. forwarding: those
    that forward, as Outer names them."""

    dump: Dump
    memories: Mapping[int, Memory]
    forwarding: Set[str]

    def link(self, index: int) -> Link | None:
        """The interface of that index."""
        return next((link for link in self.dump.links if link.index == index), None)

    def ends(self, lab: str) -> list[Link]:
        """The host's ends of the lab's uplinks, as far as they say so themselves."""
        return [link for link in self.dump.links if self._is_of(link, lab)]

    def _is_of(self, link: Link, lab: str) -> bool:
        memory = self.memories.get(link.index)
        return _is_uplink(link) and link.group == mark.of_lab(lab) and (memory is None or memory.lab == lab)

    def forward(self, names: Set[str]) -> tuple[str, ...]:
        """Of these interfaces those that forward."""
        return tuple(sorted(self.forwarding & names))

    def remembered(self, without: str | None = None) -> frozenset[str]:
        """The interfaces that labs, or all but one, made forward."""
        return frozenset(name for memory in self.memories.values() if memory.lab != without for name in memory.outer)

    def host(self, index: int, doors: tuple[str, ...] = ()) -> Host:
        """The facts that the way out of a lab is made from. index: of the end that it has already, or 0. doors: see Host."""
        others = [link for link in self.dump.links if link.index != index]
        return Host(
            names=frozenset(name for link in others for name in (link.name, *link.altnames)),
            taken=tuple(dict.fromkeys(self._taken(index))),
            outer=tuple(self._outer()),
            doors=doors,
            resolvers=tuple(address for address in nameservers.addresses() if address in self._own()),
        )

    def _own(self) -> frozenset[str]:
        """The addresses of the host's."""
        said = ((reply[0], attributes.read(reply, inet.IFADDRMSG.size)) for reply in self.dump.addresses)
        return frozenset(inet.text(family, one[_LOCAL] if _LOCAL in one else one[_ADDRESS]) for family, one in said)

    def _taken(self, own: int) -> Iterator[str]:
        for reply in self.dump.addresses:
            family, length, _, _, index = inet.IFADDRMSG.unpack_from(reply)
            value = attributes.read(reply, inet.IFADDRMSG.size).get(1)
            if value and index != own:
                yield f"{inet.text(family, value)}/{length}"
        for reply in self.dump.routes:
            family, length, *_ = inet.RTMSG.unpack_from(reply)
            said = attributes.read(reply, inet.RTMSG.size)
            if family in inet.LENGTHS and _DST in said and attributes.number(said.get(_OIF, b"")) != own:
                yield f"{inet.text(family, said[_DST])}/{length}"

    def _outer(self) -> Iterator[Outer]:
        """Those that a route leads to; first those with a default route, then those with a gateway."""
        switched = self.remembered()
        for family, prefix in (AF_INET, ""), (AF_INET6, IPV6):
            ranks = _ranks(self.dump.routes, family)
            for link in sorted(self.dump.links, key=lambda link: (ranks.get(link.index, 9), link.index)):
                name = prefix + link.name
                able = not prefix or name in self.forwarding or _force(link.name).exists()
                if link.index in ranks and able and not link.flags & IFF_LOOPBACK and not _is_uplink(link):
                    yield Outer(name, name in self.forwarding and name not in switched, link.kind == "bridge")


def _ranks(routes: Iterable[bytes], family: int) -> dict[int, int]:
    """index of an interface that a route of the main table leads to -> how it is used."""
    ranks: dict[int, int] = {}
    for reply in routes:
        _, length, _, _, table, _, _, kind, _ = inet.RTMSG.unpack_from(reply)
        said = attributes.read(reply, inet.RTMSG.size)
        local = family == AF_INET6 and said.get(_DST, b"").startswith(_LINK_LOCAL)
        if reply[0] == family and table == _MAIN and kind == _UNICAST and not local:
            rank = 0 if not length else 1 if _GATEWAY in said or _VIA in said else 2
            for index in _interfaces(said):
                ranks[index] = min(rank, ranks.get(index, rank))
    return ranks


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
            forwarding.add(link.name)
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
    forwarding |= _forwarding_ipv6(place, dump, found)
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


def _forwarding_ipv6(place: Place, dump: Dump, found: Iterable[Link]) -> set[str]:
    ranks = _ranks(dump.routes, AF_INET6)
    with place.entered():
        every = _is_on(_CONF / "all" / "forwarding")
        names = [link.name for link in found if link.index in ranks]
        return {IPV6 + name for name in names if every or _is_on(_force(name))}


def _force(name: str) -> Path:
    return _CONF / name / "force_forwarding"


def _is_on(setting: Path) -> bool:
    return setting.exists() and setting.read_text().strip() != "0"
