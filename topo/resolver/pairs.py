"""A network, its pairs -> on the port of each container a queue that parts what it sends, and in it one of each pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from itertools import count
from typing import Any

from topo.lab import Container
from topo.networks import Port, Segment
from topo.objects import pair as objects
from topo.objects.qdisc import Qdisc
from topo.objects.queue import HTB
from topo.resolver.impairments import queue_of
from topo.resolver.origins import Placed
from topo.resolver.problems import Problems
from topo.resolver.seats import Seat
from topo.resolver.segments import Wired

_Plugged = list[tuple[Seat, Port]]
"""The places of one container on a network."""


def pairs_of(network: Wired, containers: Iterable[Container], problems: Problems) -> Iterator[Placed]:
    """Every port of a network with pairs has the queue: so that a further pair is no event for those that are in none."""
    segment = network.segment
    on: dict[str, _Plugged] = {}
    for seat, port in zip(network.seats, network.ports, strict=True):
        on.setdefault(seat.container.name, []).append((seat, port))
        yield Qdisc(**_of(segment), interface=port.port, discipline=HTB), (*network.path, "impair")
    _check(network, on, containers, problems)
    marks = _marks(network, on)
    for pair in network.pairs:
        for seat, source in on.get(pair.sender, ()):
            for _, port in on.get(pair.receiver, ()):
                if fields := queue_of(pair.impairment, port.mtu):
                    ends: dict[str, Any] = {"interface": port.port, "source": source.port, "mark": marks[_name(seat)]}
                    yield objects.Pair(**_of(segment), **ends, **fields), pair.path


def _of(segment: Segment) -> dict[str, Any]:
    return {"namespace": segment.fabric, "owner": segment.owner}


def _check(network: Wired, on: Mapping[str, _Plugged], containers: Iterable[Container], problems: Problems) -> None:
    """Reports who is in a pair, and not on the network."""
    absent = {container.name: container for container in containers if container.name not in on}
    for pair in network.pairs:
        for name in (pair.sender, pair.receiver):
            if container := absent.get(name):
                message = f"{name} is not on network {network.segment.name}"
                hint = f"write containers.{container.path[-1]}.networks: [{network.segment.name}], or name another container"
                problems.add(pair.path, message, code="pair", hint=hint, given=[container.path])


def _marks(network: Wired, on: Mapping[str, _Plugged]) -> Mapping[str, int]:
    """A number for each place of each container that sends in any pair, which is made of its name: so it stays as others come and
    go, but for one whose hash another one has, too."""
    senders = {_name(seat) for pair in network.pairs for seat, _ in on.get(pair.sender, ())}
    marks: dict[str, int] = {}
    taken: set[int] = set()
    for name in sorted(senders):
        marks[name] = next(mark for mark in _wishes(name) if objects.is_mark(mark) and mark not in taken)
        taken.add(marks[name])
    return marks


def _wishes(name: str) -> Iterator[int]:
    for attempt in count():
        yield int.from_bytes(blake2b(f"{name}#{attempt}".encode(), digest_size=2).digest(), "big") & objects.MARKS


def _name(seat: Seat) -> str:
    return f"{seat.container.name}/{seat.ordinal}"
