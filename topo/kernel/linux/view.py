"""View: what the dumps of all namespaces of a lab said, put in relation, for the codecs to make objects of."""

from __future__ import annotations

from dataclasses import dataclass, field

from topo.kernel.linux.links import Link
from topo.objects import mark
from topo.objects.namespace import parts

Pair = tuple[Link, Link]
"""A veth: the end of a container first; of two containers the one whose namespace sorts first."""


@dataclass(slots=True)
class View:
    """namespace -> what was dumped of it, for each that was to be read.

    beyond: the links of others, read only to find the other ends of veths.
    pairs: the veths that are topo's, whole and in their places.
    claimed: (namespace, index) of the links that are an object of another kind than `interface`.
    """

    lab: str
    fabric: str
    links: dict[str, list[Link]] = field(default_factory=dict)
    beyond: dict[str, list[Link]] = field(default_factory=dict)
    addresses: dict[str, list[bytes]] = field(default_factory=dict)
    routes: dict[str, list[bytes]] = field(default_factory=dict)
    neighbours: dict[str, list[bytes]] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    claimed: set[tuple[str, int]] = field(default_factory=set)
    _names: dict[str, dict[int, str]] = field(default_factory=dict)

    def claim(self, link: Link) -> None:
        """The link is an object of a kind of its own."""
        self.claimed.add((link.namespace, link.index))

    def names(self, namespace: str) -> dict[int, str]:
        """index -> name of the interfaces of a namespace."""
        if namespace not in self._names:
            self._names[namespace] = {link.index: link.name for link in self.links.get(namespace, ())}
        return self._names[namespace]

    def owner(self, namespace: str) -> str:
        """Whose a namespace is in a plan: `lab`, or `containers/web`."""
        _, container = parts(namespace) or (self.lab, None)
        return f"containers/{container}" if container else "lab"

    def owners(self, namespace: str) -> dict[int, str]:
        """index -> whose is what lies on an interface: the fabric's bridges are the networks'."""
        owner = self.owner(namespace)
        if namespace != self.fabric:
            return dict.fromkeys(self.names(namespace), owner)
        links = self.links.get(namespace, ())
        return {link.index: owner_of_bridge(link.name) if is_bridge(link) else owner for link in links}


def is_bridge(link: Link) -> bool:
    """Whether a link of the fabric is a bridge of topo's."""
    return link.kind == "bridge" and mark.is_ours(link.group)


def owner_of_bridge(device: str) -> str:
    """Whose a bridge is: the network `default` has the device `default0`, for the kernel refuses one called `default`."""
    return f"networks/{'default' if device == 'default0' else device}"
