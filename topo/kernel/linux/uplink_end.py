"""What is on the host's end of an uplink <-> the words in which an Uplink says it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from topo.kernel.linux.codecs import address, neighbour, route
from topo.kernel.linux.outside import Outside
from topo.kernel.linux.place import Place
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import Object
from topo.objects.address import Address
from topo.objects.neighbour import Neighbour
from topo.objects.route import IPV6_METRIC, Route
from topo.objects.uplink import Uplink

_CODECS = {"address": address.CODEC, "neighbour": neighbour.CODEC, "route": route.CODEC}


def messages(old: Uplink, new: Uplink, place: Place, *, again: bool) -> Iterator[bytes]:
    """Turn what is on the one into what is on the other: what goes, in the order in which others stand on it, then what comes.

    again: whether the kernel may have dropped the neighbours and routes that stay, so that they are said once more.
    """
    before, after = list(_things(old, new.end.name)), list(_things(new, new.end.name))
    steps = [Operation(0, None, thing, None, (), "") for thing in reversed(before) if thing not in after]
    steps += [
        Operation(0, None, None, thing, (), "")
        for thing in after
        if thing not in before or (again and not isinstance(thing, Address))
    ]
    for step in steps:
        encode = _CODECS[step.thing.kind].encode
        assert encode
        yield from encode(step, place)


def _things(thing: Uplink, name: str) -> Iterator[Object]:
    for ip in thing.addresses:
        yield Address(interface=name, ip=ip)
    for words in thing.neighbours:
        ip, _, mac = words.partition(" ")
        yield Neighbour(interface=name, ip=ip, mac=mac)
    for words in thing.routes:
        to, _, via = words.partition(" via ")
        yield Route(to=to, via=via or None, interface=name, metric=IPV6_METRIC if ":" in to else 0)


def read(seen: Outside, name: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """(addresses, neighbours, routes) of ours on the interface of the host's that has this name."""
    view = View("", "")
    view.add("", 0, seen.dump)
    found: dict[str, list[Object]] = {kind: [] for kind in _CODECS}
    for kind, codec in _CODECS.items():
        assert codec.decode
        found[kind] = [thing for thing in codec.decode(view) if thing.owned and getattr(thing, "interface", None) == name]
    return tuple(_sorted(found[kind]) for kind in _CODECS)  # type: ignore[return-value]


def _sorted(things: Sequence[Object]) -> tuple[str, ...]:
    return tuple(sorted(map(_words, things), key=lambda words: (":" in words.split()[0], words)))


def _words(thing: Object) -> str:
    match thing:
        case Address():
            return thing.ip
        case Neighbour():
            return f"{thing.ip} {thing.mac}"
        case Route():
            return f"{thing.to} via {thing.via}" if thing.via else thing.to
    raise TypeError(thing.kind)
