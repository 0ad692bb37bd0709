"""Link: one interface of a namespace, as a link dump says it."""

from __future__ import annotations

from struct import Struct as Layout

from msgspec import Struct

from topo.kernel.linux import attributes, settings
from topo.kernel.linux.attributes import Attributes, number, string
from topo.kernel.linux.messages import Rtm, message
from topo.kernel.linux.sockets import RouteSocket
from topo.objects.names import is_fabric
from topo.objects.settings import BASELINE, Settings

IFLA_ADDRESS = 1
IFLA_IFNAME = 3
IFLA_MTU = 4
IFLA_LINK = 5
IFLA_QDISC = 6
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
IFLA_INFO_SLAVE_KIND = 4
IFLA_INFO_SLAVE_DATA = 5
VETH_INFO_PEER = 1

IFF_UP = 0x1
IFF_LOOPBACK = 0x8

_RTEXT_FILTER_SKIP_STATS = 8
IFINFOMSG = Layout("=BxHiII")
"""family, hardware type, index, flags, which flags change."""

_WITHOUT_STATISTICS = IFINFOMSG.pack(0, 0, 0, 0, 0) + attributes.u32(IFLA_EXT_MASK, _RTEXT_FILTER_SKIP_STATS)

LOOPBACK = 1
"""LOOPBACK_IFINDEX: the kernel gives it to lo in every namespace."""

NOBODY = -1
"""NETNSA_NSID_NOT_ASSIGNED: no id. The other end's namespace has none when it is on its way out (peernet2id_alloc)."""


_SAID = (
    *(IFLA_IFNAME, IFLA_GROUP, IFLA_LINKINFO, IFLA_ADDRESS, IFLA_MTU, IFLA_MASTER, IFLA_LINK, IFLA_LINK_NETNSID),
    *(settings.IFLA_AF_SPEC, IFLA_PROP_LIST, IFLA_QDISC),
)


class Link(Struct, array_like=True, gc=False):
    """`mtu` in bytes; `mac` is "" where there is none; `master` is the index of the bridge that it is a port of, or 0.

    peer, nsid: of a veth, the index of the other end in its namespace, and the id that this namespace has for that one: None when
        it is this one.
    settings: what it has of the baseline's; None for a veth's end in the fabric, a port.
    info, properties: attributes that only some kinds of link have, and that are read where they are asked for.
    queue: the name of its root qdisc, with a zero byte at its end.
    """

    namespace: str
    index: int
    flags: int
    name: str
    group: int
    kind: str
    mac: str
    mtu: int
    master: int
    peer: int
    nsid: int | None
    settings: Settings | None
    info: bytes
    properties: bytes
    queue: bytes = b""

    @property
    def up(self) -> bool:
        """Administratively."""
        return bool(self.flags & IFF_UP)

    @property
    def baseline(self) -> Settings:
        """The settings of what is no port."""
        return self.settings or BASELINE

    @property
    def orphaned(self) -> bool:
        """Whether the other end's namespace is being taken apart, and both ends with it."""
        return self.nsid == NOBODY

    @property
    def altnames(self) -> tuple[str, ...]:
        """Further names that it answers to."""
        return tuple(string(value) for kind, value in attributes.each(self.properties) if kind == IFLA_ALT_IFNAME)

    @property
    def data(self) -> Attributes:
        """What is particular to its kind of link."""
        return self._info(IFLA_INFO_DATA)

    @property
    def port(self) -> Attributes:
        """What is particular to it as a port of its master."""
        return self._info(IFLA_INFO_SLAVE_DATA)

    def _info(self, part: int) -> Attributes:
        return attributes.read(attributes.read(self.info).get(part, b""))


def dump(socket: RouteSocket, namespace: str) -> list[Link]:
    """All links of a namespace, in the order of their indexes."""
    return [link(reply, namespace) for reply in socket.dump(Rtm.RTM_GETLINK, _WITHOUT_STATISTICS)]


def link(reply: bytes, namespace: str) -> Link:
    """A reply to a link dump of that namespace."""
    _, _, index, flags, _ = IFINFOMSG.unpack_from(reply)
    said = attributes.read(reply, IFINFOMSG.size).several(_SAID)
    name, group, info, mac, mtu, master, peer, nsid, af_spec, properties, queue = said
    kind = _kind(info)
    is_port = master and kind == "veth" and is_fabric(namespace)
    return Link(
        namespace,
        index,
        flags,
        string(name),
        number(group),
        kind,
        mac.hex(":"),
        number(mtu),
        number(master),
        number(peer),
        attributes.signed(nsid) if nsid else None,
        None if is_port else settings.decode(af_spec),
        info,
        properties,
        queue,
    )


def _kind(info: bytes) -> str:
    return string(attributes.read(info).get(IFLA_INFO_KIND, b"")) if info else ""


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
