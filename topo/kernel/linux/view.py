"""View: what the dumps of all namespaces of a lab said, put in relation, for the codecs to make objects of."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field

from topo.kernel.linux.dumps import Dump
from topo.kernel.linux.links import Link
from topo.objects.names import owner_of

Ends = tuple[Link, Link]
"""A veth: the end of a container first; of two containers the one whose namespace sorts first."""


def on_nothing(link: Link) -> str | None:
    """Where no link stands on an interface of the host's."""
    return None


def without_vlans(port: Link) -> str:
    """Where no bridge looks at VLANs."""
    return ""


class View(Struct):
    """namespace -> what was dumped of it, for each that was to be read.

    veths: those that are topo's, whole and in their places.
    uplink: the fabric's end of the lab's way out. patches: those of the cables to bridges of the host's.
    claimed: (namespace, index) of the links that are an object of a kind of their own -> whose is what lies on
        them; None: nobody's in particular.
    vlans_of: a port of a bridge -> the words of its VLANs (see objects/vlans.py).
    parent_of: a link -> the name of the interface in the host's namespace that it stands on, or None.
    """

    lab: str
    fabric: str
    links: dict[str, list[Link]] = field(default_factory=dict)
    addresses: dict[str, list[bytes]] = field(default_factory=dict)
    routes: dict[str, list[bytes]] = field(default_factory=dict)
    neighbours: dict[str, list[bytes]] = field(default_factory=dict)
    forwarding: dict[str, list[bytes]] = field(default_factory=dict)
    inodes: dict[str, int] = field(default_factory=dict)
    veths: list[Ends] = field(default_factory=list)
    uplink: Link | None = None
    patches: list[Link] = field(default_factory=list)
    claimed: dict[tuple[str, int], str | None] = field(default_factory=dict)
    parent_of: Callable[[Link], str | None] = on_nothing
    vlans_of: Callable[[Link], str] = without_vlans
    _names: dict[str, dict[int, str]] = field(default_factory=dict)
    _owners: dict[str, dict[int, str]] = field(default_factory=dict)

    def add(self, namespace: str, inode: int, dump: Dump) -> None:
        """What was read of a namespace."""
        self.inodes[namespace] = inode
        self.links[namespace] = dump.links
        self.addresses[namespace] = dump.addresses
        self.routes[namespace] = dump.routes
        self.neighbours[namespace] = dump.neighbours
        self.forwarding[namespace] = dump.forwarding

    def claim(self, link: Link, owner: str | None = None) -> None:
        """The link is an object of a kind of its own. `owner`: whose is what lies on it; None: as if nobody had claimed it."""
        self.claimed[link.namespace, link.index] = owner

    def names(self, namespace: str) -> dict[int, str]:
        """index -> name of the interfaces of a namespace."""
        if namespace not in self._names:
            self._names[namespace] = {link.index: link.name for link in self.links.get(namespace, ())}
        return self._names[namespace]

    def owners(self, namespace: str) -> dict[int, str]:
        """index -> whose is what lies on an interface: as the codec says that claimed it, else its container's or the lab's.
        Only when all is claimed."""
        if namespace not in self._owners:
            usual = "lab/links" if namespace == self.fabric else owner_of(namespace)
            claimed = self.claimed
            self._owners[namespace] = {index: claimed.get((namespace, index)) or usual for index in self.names(namespace)}
        return self._owners[namespace]

    def owner_of(self, link: Link) -> str:
        """Whose is what lies on an interface; on a port in the fabric, the network's."""
        owners = self.owners(link.namespace)
        return owners.get(link.master, owners[link.index]) if link.namespace == self.fabric else owners[link.index]
