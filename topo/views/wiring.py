"""State -> the wiring as plain data: per namespace its interfaces, what each is plugged into, addresses and routes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from topo.networks import version_of
from topo.objects import KINDS, Object, State
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.file import File
from topo.objects.loopback import Loopback
from topo.objects.names import fabric_of, parts
from topo.objects.namespace import Namespace
from topo.objects.neighbour import Neighbour
from topo.objects.pair import Pair
from topo.objects.qdisc import Qdisc
from topo.objects.queue import Queue
from topo.objects.route import Route
from topo.objects.uplink import Uplink
from topo.objects.veth import End, Veth
from topo.resolver.subnet import number
from topo.views.outside import outside
from topo.views.ports import published

_LO_INDEX = 1
_OF_BRIDGES = ("stp", "ageing_time", "multicast_snooping", "vlan_filtering")


def wiring(state: State) -> dict[str, Any]:
    """{lab, pairs, fabric, containers, outside}: the pairs on bridges as {network, from, to, queue}; the fabric and each
    container as {name, namespace, inode, interfaces, routes, neighbours, ports}; and the ways out (see outside.py).

    The namespace of a container on the host's own is None: what is in that is not the lab's.
    """
    inside: defaultdict[str, list[Object]] = defaultdict(list)
    spaces = []
    for thing in state.objects.values():
        if isinstance(thing, Namespace):
            spaces.append(thing)
        for namespace in KINDS[thing.kind].namespaces(thing):
            inside[namespace].append(thing)
    ports = published(state)
    rooms = [_room(space, inside[space.name], ports) for space in sorted(spaces, key=lambda space: space.name)]
    rooms += [_borrowed(name) for name in _on_host(state)]
    fabric = fabric_of(state.lab)
    pairs = [thing for thing in state.objects.values() if isinstance(thing, Pair)]
    return {
        "lab": state.lab,
        "pairs": _pairs(pairs, state) if pairs else [],
        "fabric": next((room for room in rooms if room["namespace"] == fabric), None),
        "containers": sorted((room for room in rooms if room["namespace"] != fabric), key=lambda room: str(room["name"])),
        "outside": outside(state),
    }


def _on_host(state: State) -> list[str]:
    """The containers that are only names for the host's own namespace."""
    paths = (thing.path.split("/") for thing in state.objects.values() if isinstance(thing, File))
    return [path[1] for path in paths if path[0] == "containers" and path[2:] == ["host"]]


def _borrowed(name: str) -> dict[str, Any]:
    return {"name": name, "namespace": None, "inode": None, "interfaces": [], "routes": [], "neighbours": [], "ports": []}


def _room(space: Namespace, objects: list[Object], ports_of: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    lab_and_container = parts(space.name)
    name = lab_and_container[1] if lab_and_container else None
    interfaces = [interface for thing in objects for interface in _interfaces(thing, space.name)]
    neighbours = [thing for thing in objects if isinstance(thing, Neighbour)]
    addresses: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for thing in objects:
        if isinstance(thing, Address):
            addresses[thing.interface].append(_address(thing))
    ports: defaultdict[str, list[str]] = defaultdict(list)
    for interface in interfaces:
        ports[interface["master"]].append(interface["name"])
    queues = {thing.interface: _queue(thing) for thing in objects if isinstance(thing, Qdisc)}
    for interface in interfaces:
        interface["queue"] = queues.get(interface["name"])
        interface["addresses"] = addresses[interface["name"]]
        interface["ports"] = sorted(ports[interface["name"]])
    return {
        "name": name,
        "namespace": space.name,
        "inode": space.inode,
        "interfaces": sorted(interfaces, key=lambda interface: (interface["index"], interface["name"])),
        "routes": [_route(thing) for thing in objects if isinstance(thing, Route)],
        "neighbours": [_neighbour(thing) for thing in sorted(neighbours, key=_place)],
        "ports": ports_of.get(str(name), []),
    }


def _place(thing: Neighbour) -> tuple[str, int, int]:
    """The kernel lists them by hash: here by interface and address, IPv4 first."""
    return thing.interface, version_of(thing.ip), number(thing.ip)


def _interfaces(thing: Object, namespace: str) -> Iterator[dict[str, Any]]:
    """The interfaces that an object is in a namespace: two for a veth with both ends there."""
    if isinstance(thing, Veth):
        for end, other in ((thing.end, thing.peer), (thing.peer, thing.end)):
            if end.namespace == namespace:
                yield _veth(thing, end, other)
    elif isinstance(thing, Uplink):
        yield _interface(thing.peer.name, "veth", thing.peer, index=thing.peer.index) | {"peer": _at_host(thing.end)}
    elif isinstance(thing, Loopback):
        yield _interface("lo", "loopback", thing, index=_LO_INDEX)
    elif hasattr(thing, "index") and hasattr(thing, "name"):
        kind = getattr(thing, "link_kind", thing.kind) or "hardware"
        yield _interface(thing.name, kind, thing, index=thing.index) | {"network": _network(thing), "bridge": _bridge(thing)}


def _interface(name: str, kind: str, thing: Any, *, index: int) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "index": index,
        "up": thing.up,
        "mac": getattr(thing, "mac", None) or None,
        "mtu": getattr(thing, "mtu", None) or None,
        "owned": getattr(thing, "owned", True),
        "master": getattr(thing, "master", None),
        "network": None,
        "bridge": None,
        "parent": getattr(thing, "parent", None),
        "mode": getattr(thing, "mode", None),
        "peer": None,
        "port": None,
    }


def _bridge(thing: Object) -> dict[str, Any] | None:
    return {name: getattr(thing, name) for name in _OF_BRIDGES} if isinstance(thing, Bridge) else None


def _veth(thing: Veth, end: End, other: End) -> dict[str, Any]:
    lab_and_container = parts(other.namespace)
    return _interface(end.name, "veth", end, index=end.index) | {
        "owned": thing.owned,
        "peer": {
            "name": other.name,
            "index": other.index,
            "namespace": other.namespace,
            "container": lab_and_container[1] if lab_and_container else None,
            "netns_id": end.peer_nsid,
        },
        "port": _port(end) or _port(other),
    }


def _at_host(end: End) -> dict[str, Any]:
    return {"name": end.name, "index": end.index, "namespace": None, "container": None, "netns_id": end.peer_nsid}


def _port(end: End) -> dict[str, Any] | None:
    if not end.master:
        return None
    flags = {"isolated": end.isolated, "hairpin": end.hairpin, "vlans": end.vlans or None}
    return {"bridge": end.master, "name": end.name, "state": end.port_state} | flags


def _pairs(pairs: list[Pair], state: State) -> list[dict[str, Any]]:
    """By network, sender and receiver."""
    veths = [thing for thing in state.objects.values() if isinstance(thing, Veth)]
    ends = {thing.peer.name: thing.end for thing in veths if thing.peer.namespace == fabric_of(state.lab)}
    found = [
        {"network": _network(pair), "from": _end(pair.source, ends), "to": _end(pair.interface, ends), "queue": _queue(pair)}
        for pair in pairs
    ]
    return sorted(found, key=lambda pair: (str(pair["network"]), *(tuple(pair[way].values()) for way in ("from", "to"))))


def _end(port: str, ends: Mapping[str, End]) -> dict[str, str]:
    """The container behind a port; the port itself, where there is none."""
    end = ends.get(port)
    room = parts(end.namespace) if end else None
    return {"container": (room and room[1]) or "", "interface": end.name if end else "", "port": port}


def _queue(thing: Queue) -> dict[str, Any]:
    """What becomes of what it sends, in the words of the file."""
    from topo.views import fields  # which few labs need for this

    said = {path: fields.spelled(thing.kind, path, value) for path, value in fields.unusual(thing) if path != "discipline"}
    return {"discipline": thing.discipline, "owned": thing.owned} | said


def _network(thing: Object) -> str | None:
    room, _, name = thing.owner.partition("/")
    return name if room == "networks" else None


def _address(thing: Address) -> dict[str, Any]:
    return {"ip": thing.ip, "broadcast": thing.broadcast, "owned": thing.owned}


def _route(thing: Route) -> dict[str, Any]:
    return {
        "to": "default" if thing.to in ("0.0.0.0/0", "::/0") else thing.to,
        "family": "ipv6" if ":" in thing.to else "ipv4",
        "via": thing.via,
        "interface": thing.interface,
        "type": thing.type,
        "metric": thing.metric,
        "table": thing.table,
        "source": thing.source,
        "protocol": thing.protocol,
        "owned": thing.owned,
    }


def _neighbour(thing: Neighbour) -> dict[str, Any]:
    return {"ip": thing.ip, "mac": thing.mac, "interface": thing.interface, "owned": thing.owned}
