"""The links of all namespaces of a lab -> veths with both their ends: who is whose peer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, combinations

from topo.kernel.linux.links import Link
from topo.kernel.linux.view import Ends, View
from topo.objects import mark


def find(view: View, nsids: Mapping[int, str]) -> list[Ends]:
    """Every veth that carries topo's mark and has both ends in the lab. `nsids`: the fabric's id of a namespace -> its name."""
    veths = [link for link in chain(*view.links.values()) if link.kind == "veth"]
    ports = [link for link in veths if link.namespace == view.fabric]
    ends = {(link.namespace, link.index): link for link in veths if link.namespace != view.fabric}
    attached = list(_attachments(ports, ends, nsids))
    rest = ends.keys() - {(end.namespace, end.index) for end, _ in attached}
    return attached + list(_cables(ends[place] for place in sorted(rest)))


def orphans(view: View) -> list[Link]:
    """The veth ends with topo's mark that are not of a whole veth."""
    placed = {(link.namespace, link.index) for ends in view.veths for link in ends} | view.claimed.keys()
    links = chain(*view.links.values())
    ours = (link for link in links if link.kind == "veth" and mark.is_ours(link.group))
    return [link for link in ours if (link.namespace, link.index) not in placed]


def _attachments(ports: Iterable[Link], ends: Mapping[tuple[str, int], Link], nsids: Mapping[int, str]) -> Iterator[Ends]:
    """Containers and their ports: the port says in which namespace its other end is, and at which index."""
    for port in ports:
        namespace = nsids.get(port.nsid) if port.nsid is not None else None
        end = ends.get((namespace, port.peer)) if namespace else None
        if end is not None and end.peer == port.index and mark.is_ours(end.group):
            yield end, port


def _cables(ends: Iterable[Link]) -> Iterator[Ends]:
    """Two containers, or two ends in one: the marks say which belong together, and the indexes that they still do."""
    alike: dict[int, list[Link]] = defaultdict(list)
    for end in ends:
        if mark.is_ours(end.group):
            alike[mark.common(end.group)].append(end)
    for group in alike.values():
        for one, other in combinations(group, 2):
            if _crossed(one, other):
                yield (other, one) if one.namespace == other.namespace and mark.is_second(one.group) else (one, other)


def _crossed(one: Link, other: Link) -> bool:
    together = one.namespace == other.namespace
    ways = one.peer == other.index and other.peer == one.index
    return ways and (one.nsid is None) == together and (other.nsid is None) == together
