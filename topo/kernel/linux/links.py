"""Link: one interface of a namespace, as a link dump says it."""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct

from topo.kernel.linux import attributes, settings
from topo.kernel.linux.attributes import Attributes, number, string
from topo.kernel.linux.messages import Rtm, message
from topo.kernel.linux.sockets import RouteSocket
from topo.objects.settings import Settings

IFLA_ADDRESS = 1
IFLA_IFNAME = 3
IFLA_MTU = 4
IFLA_LINK = 5
IFLA_MASTER = 10
IFLA_LINKINFO = 18
IFLA_GROUP = 27
IFLA_NET_NS_FD = 28
IFLA_EXT_MASK = 29
IFLA_NUM_TX_QUEUES = 31
IFLA_NUM_RX_QUEUES = 32
IFLA_LINK_NETNSID = 37
IFLA_TARGET_NETNSID = 46
IFLA_PROP_LIST = 52
IFLA_ALT_IFNAME = 53

IFLA_INFO_KIND = 1
IFLA_INFO_DATA = 2
IFLA_INFO_SLAVE_DATA = 5
VETH_INFO_PEER = 1

IFF_UP = 0x1
IFF_LOOPBACK = 0x8

_RTEXT_FILTER_SKIP_STATS = 8
IFINFOMSG = Struct("=BxHiII")
"""family, hardware type, index, flags, which flags change."""

_WITHOUT_STATISTICS = IFINFOMSG.pack(0, 0, 0, 0, 0) + attributes.u32(IFLA_EXT_MASK, _RTEXT_FILTER_SKIP_STATS)

LOOPBACK = 1
"""LOOPBACK_IFINDEX: the kernel gives it to lo in every namespace."""

NOBODY = -1
"""NETNSA_NSID_NOT_ASSIGNED: no id. The other end's namespace has none when it is on its way out (peernet2id_alloc)."""


class Link:
    """`said` are the attributes, decoded only where asked for."""

    __slots__ = ("flags", "group", "index", "info", "kind", "name", "namespace", "said")

    def __init__(self, namespace: str, index: int, flags: int, said: Attributes) -> None:
        self.namespace, self.index, self.flags, self.said = namespace, index, flags, said
        self.name = string(said[IFLA_IFNAME])
        self.group = number(said.get(IFLA_GROUP, b""))
        self.info = attributes.read(said.get(IFLA_LINKINFO, b""))
        self.kind = string(self.info.get(IFLA_INFO_KIND, b""))

    @property
    def up(self) -> bool:
        """Administratively."""
        return bool(self.flags & IFF_UP)

    @property
    def mac(self) -> str:
        """Its link-layer address, "" when it has none."""
        return attributes.mac_text(self.said.get(IFLA_ADDRESS, b""))

    @property
    def mtu(self) -> int:
        """In bytes."""
        return number(self.said.get(IFLA_MTU, b""))

    @property
    def master(self) -> int:
        """The index of the bridge that it is a port of, or 0."""
        return number(self.said.get(IFLA_MASTER, b""))

    @property
    def peer(self) -> int:
        """The index of a veth's other end, in its namespace."""
        return number(self.said.get(IFLA_LINK, b""))

    @property
    def nsid(self) -> int | None:
        """The id that the other end's namespace has in this one; None when it is this one."""
        value = self.said.get(IFLA_LINK_NETNSID)
        return attributes.signed(value) if value else None

    @property
    def orphaned(self) -> bool:
        """Whether the other end's namespace is being taken apart, and both ends with it."""
        return self.nsid == NOBODY

    @property
    def settings(self) -> Settings:
        """What it has of the baseline's settings."""
        return settings.decode(self.said.get(settings.IFLA_AF_SPEC, b""))

    @property
    def altnames(self) -> tuple[str, ...]:
        """Further names that it answers to."""
        properties = attributes.each(self.said.get(IFLA_PROP_LIST, b""))
        return tuple(string(value) for kind, value in properties if kind == IFLA_ALT_IFNAME)

    @property
    def data(self) -> Attributes:
        """What is particular to its kind of link."""
        return attributes.read(self.info.get(IFLA_INFO_DATA, b""))

    @property
    def port(self) -> Attributes:
        """What is particular to it as a port of its master."""
        return attributes.read(self.info.get(IFLA_INFO_SLAVE_DATA, b""))


def dump(socket: RouteSocket, namespace: str) -> list[Link]:
    """All links of a namespace, in the order of their indexes."""
    return decode(replies(socket), namespace)


def replies(socket: RouteSocket) -> list[bytes]:
    """The same as the kernel says them."""
    return socket.dump(Rtm.RTM_GETLINK, _WITHOUT_STATISTICS)


def decode(replies: Iterable[bytes], namespace: str) -> list[Link]:
    """Replies to a link dump as links of that namespace."""
    return [_link(namespace, reply) for reply in replies]


def find(socket: RouteSocket, name: str) -> int:
    """The index of the interface of that name. Raises OSError (ENODEV) when there is none."""
    body = IFINFOMSG.pack(0, 0, 0, 0, 0) + attributes.text(IFLA_IFNAME, name)
    reply = socket.ask(message(Rtm.RTM_GETLINK, 0, body))
    return int(IFINFOMSG.unpack_from(reply)[2])


def is_there(socket: RouteSocket, nsid: int) -> bool:
    """Whether the namespace that has this id is alive: one that is being taken apart has it for a moment longer."""
    body = IFINFOMSG.pack(0, 0, 1, 0, 0) + attributes.u32(IFLA_TARGET_NETNSID, nsid)
    try:
        socket.ask(message(Rtm.RTM_GETLINK, 0, body))
    except OSError:
        return False
    return True


def _link(namespace: str, reply: bytes) -> Link:
    _, _, index, flags, _ = IFINFOMSG.unpack_from(reply)
    return Link(namespace, index, flags, attributes.read(reply, IFINFOMSG.size))
