"""State -> what somebody who is not topo may do to it: (before, after) of one object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from topo.objects import Object, State
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.file import File
from topo.objects.firewall import Firewall
from topo.objects.interface import Interface
from topo.objects.loopback import Loopback
from topo.objects.mark import of_lab, of_network
from topo.objects.neighbour import Neighbour
from topo.objects.route import Route
from topo.objects.sysctl import Sysctl
from topo.objects.veth import End, Veth

Edit = tuple[Object | None, Object | None]


def damage(state: State) -> list[Edit]:
    """Deletions and changes of what topo made."""
    ours = [thing for thing in state.objects.values() if thing.owned]
    names = {name for thing in state.objects.values() for name in _names(thing)}
    changed = [(thing, other) for thing in ours for other in _changed(thing) if names.isdisjoint(_new_names(thing, other))]
    return [(thing, None) for thing in ours] + changed


def additions(state: State) -> list[Edit]:
    """Things that are not topo's, on its links and in its namespaces, and strays that carry its mark."""
    new = [made for thing in state.objects.values() for made in _added(thing, state.lab)]
    names = {name for thing in state.objects.values() for name in _names(thing)}
    return [(None, thing) for thing in new if thing.key not in state.objects and names.isdisjoint(_names(thing))]


def removals(state: State) -> list[Edit]:
    """Of what is not topo's."""
    return [(thing, None) for thing in state.objects.values() if not thing.owned]


def _changed(thing: Object) -> Iterator[Object]:
    match thing:
        case Veth():
            for which, end in (("end", thing.end), ("peer", thing.peer)):
                for other in _ends(end):
                    yield replace(thing, **{which: other})
        case Bridge():
            yield from (replace(thing, name="moved"), replace(thing, mtu=1280), replace(thing, mac="02:00:00:00:00:99"))
            yield from (replace(thing, stp=not thing.stp), replace(thing, up=False), _without_ipv6(thing))
            yield from (replace(thing, mark=of_network(name), copy="marked") for name in ("front", "back") if name != thing.name)
        case Address():
            yield replace(thing, owned=False)
            yield replace(thing, permanent=False)
            if thing.broadcast:
                yield replace(thing, broadcast=None)
        case Route():
            yield from (replace(thing, owned=False), replace(thing, type="throw", via=None, interface=None))
        case Neighbour():
            yield from (replace(thing, owned=False), replace(thing, mac="02:00:00:00:00:98"))
        case Loopback():
            yield from (replace(thing, up=False), _without_ipv6(thing))
        case Sysctl():
            yield replace(thing, value="77")
        case File():
            yield replace(thing, content="by hand\n")
        case Firewall():
            yield replace(thing, chains=thing.chains[1:])


def _ends(end: End) -> Iterator[End]:
    yield from (replace(end, name=name) for name in ("x", "y", "eth0", "moved"))
    yield from (replace(end, mtu=1280), replace(end, mac="02:00:00:00:00:97"), replace(end, up=False))
    if end.settings:
        yield _without_ipv6(end)
    if end.master:
        yield replace(end, master=None)


def _without_ipv6(thing: Any) -> Any:
    return replace(thing, settings=replace(thing.settings, ipv6=False))


def _added(thing: Object, lab: str) -> Iterator[Object]:
    for namespace, name in _names(thing):
        yield Address(namespace=namespace, owner=thing.owner, owned=False, interface=name, ip="10.77.0.1/24")
        yield Address(namespace=namespace, owner=f"{thing.owner}/{name}", interface=name, ip="10.78.0.1/24")
        yield Route(namespace=namespace, owner=thing.owner, owned=False, to="10.79.0.0/24", interface=name, protocol=186)
        yield Route(namespace=namespace, owner=thing.owner, owned=False, to="0.0.0.0/0", interface=name, protocol=3)
        yield Interface(namespace=namespace, owner=thing.owner, owned=False, name="z0", link_kind="dummy")
        yield Interface(namespace=namespace, owner=thing.owner, name="z1", link_kind="dummy", mark=of_lab(lab))
        yield Interface(namespace=namespace, owner=thing.owner, owned=False, name="eth1", link_kind="dummy")
    if isinstance(thing, Bridge):
        yield replace(thing, name="z2", mac="02:00:00:00:00:96", copy="z2")
    if isinstance(thing, Route) and thing.owned and thing.via:
        yield replace(thing, via=f"{thing.via}9", copy="another")
    if isinstance(thing, Address) and ":" in thing.ip and not thing.ip.startswith("fe80"):
        yield replace(thing, ip=f"{thing.bare}/80", owned=False)


def _names(thing: Object) -> list[tuple[str, str]]:
    """(namespace, name) of the links that an object is."""
    match thing:
        case Veth():
            return [(thing.end.namespace, thing.end.name), (thing.peer.namespace, thing.peer.name)]
        case Bridge() | Interface():
            return [(str(thing.namespace), thing.name)]
    return []


def _new_names(thing: Object, other: Object) -> set[tuple[str, str]]:
    return set(_names(other)) - set(_names(thing))
