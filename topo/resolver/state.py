"""Lab -> State: every object that the document asks for, in its order, and where it asks for each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec.structs import replace

from topo.document import Draft
from topo.lab import NAT, Container, Lab
from topo.networks.way import way_of
from topo.objects import Key, State
from topo.objects.host import Outlet
from topo.resolver.containers import objects_of, plugs_of
from topo.resolver.fabric import fabric_objects, quiet
from topo.resolver.hosts import check_aliases, files_of_containers, files_of_networks
from topo.resolver.links import Cable, cables_of
from topo.resolver.loopbacks import check_loopbacks
from topo.resolver.naming import Marks, Names
from topo.resolver.origins import Origins, Placed
from topo.resolver.plugs import Plug
from topo.resolver.ports import check_ports
from topo.resolver.problems import Problems
from topo.resolver.seats import borrowed_of, seats_of
from topo.resolver.segments import Wired, segments_of
from topo.resolver.sysctls import SettingsOf, settings_of
from topo.resolver.uplinks import objects_of as uplink_objects
from topo.resolver.uplinks import outlet_of


def resolve(lab: Lab) -> State:
    """The desired state, the same for the same document on every machine.

    Raises DocumentErrors with all that is wrong with the meaning of the document: addresses, names, MACs, routes.
    """
    return _resolved(Draft(lab))


def checked(draft: Draft) -> Lab:
    """The lab of a document of which nothing is wrong.

    Raises DocumentErrors with all that is wrong: what was found by reading it, and what the right parts of it mean.
    """
    _resolved(draft)
    return draft.lab


_last: list[tuple[Lab, State]] = []
"""The lab that was resolved last: who loads one has it checked, and then asks for its state."""


def _resolved(draft: Draft) -> State:
    for lab, state in _last[:1]:
        if lab is draft.lab:
            return state
    state = _state(draft)
    _last[:] = [(draft.lab, state)]
    return state


def _state(draft: Draft) -> State:
    lab = draft.lab
    problems = Problems(lab, draft.errors, draft.broken)
    marks, names = Marks(lab), Names(lab)
    settings = {container.name: settings_of(container) for container in lab.containers}
    wired = segments_of(lab, seats_of(lab, problems), names, marks, settings, problems)
    outlet = _published(lab, outlet_of(lab, wired, names), wired, problems)
    placed = list(_objects(lab, wired, outlet, marks, settings, problems))
    problems.raise_all()
    return State.of(lab.name, [thing for thing, _ in placed], origins=Origins(lab, placed), outlet=outlet)


def _published(lab: Lab, outlet: Outlet | None, wired: Sequence[Wired], problems: Problems) -> Outlet | None:
    """The way out, with what comes in by it."""
    if all(container.publish != NAT for container in lab.containers):
        return outlet
    from topo.resolver.shortcuts import shortcuts_of  # which few labs need

    published = tuple(shortcuts_of(lab, outlet, wired, problems))
    return replace(outlet, published=published) if outlet else None


def _objects(
    lab: Lab,
    wired: Sequence[Wired],
    outlet: Outlet | None,
    marks: Marks,
    settings: Mapping[str, SettingsOf],
    problems: Problems,
) -> Iterator[Placed]:
    for fabric_object in fabric_objects(lab.name, outlet):
        yield fabric_object, ()
    yield from _of_networks(lab.name, wired)
    if outlet:
        path = next(network.path for network in wired if way_of(network.segment.options).routes)
        for thing in uplink_objects(outlet):
            yield thing, (*path, "uplink")
    for network in wired:
        if network.pairs:
            from topo.resolver.pairs import pairs_of  # which few labs have

            yield from pairs_of(network, lab.containers, problems)
    cables = cables_of(lab, marks, settings, problems)
    check_loopbacks(lab, wired, cables, problems)
    check_aliases(wired, problems)
    check_ports(lab, problems)
    attached, linked = plugs_of(wired), _by_container(cables)
    borrowed = borrowed_of(lab)
    for container in lab.containers:
        name = container.name
        if name not in borrowed:
            mine, links = attached.get(name, ()), linked.get(name, ())
            yield from objects_of(lab.name, container, mine, links, settings[name], problems)
    for cable in cables:
        yield cable.veth, cable.link.path
        for plug in cable.plugs:
            for address in plug.objects(lab.name):
                yield address, plug.path
    yield from _files(lab.containers, wired, cables, borrowed)


def _of_networks(lab: str, wired: Sequence[Wired]) -> Iterator[Placed]:
    """What several networks have in common is one object."""
    shared: dict[Key, Placed] = {}
    for network in wired:
        for thing in network.driver.shared(network.segment, network.ports):
            option = thing.address.removeprefix(f"{network.segment.owner}/")
            path = (*network.path, option) if option in network.segment.options else network.path
            shared.setdefault(thing.key, (thing, path))
    if any(subnet.version == 6 for network in wired for subnet in network.subnets):
        outside = any(way_of(network.segment.options).bridge for network in wired)
        for thing in quiet(lab, [thing for thing, _ in shared.values()], outside=outside):
            yield thing, ()
    yield from shared.values()


def _files(
    containers: Sequence[Container], wired: Sequence[Wired], cables: Sequence[Cable], borrowed: Collection[str]
) -> Iterator[Placed]:
    yield from files_of_networks(wired)
    yield from files_of_containers(containers, wired, cables, borrowed)


def _by_container(cables: Sequence[Cable]) -> dict[str, list[Plug]]:
    """container -> its ends of links."""
    found: dict[str, list[Plug]] = {}
    for cable in cables:
        for plug in cable.plugs:
            found.setdefault(plug.container, []).append(plug)
    return found
