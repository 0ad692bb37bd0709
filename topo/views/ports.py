"""State -> what is published, per container: as data, as Docker's `ps` writes it, and as a file says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from topo.lab import Port
from topo.objects import State
from topo.objects.publication import TCP, Publication, place


def published(state: State) -> Mapping[str, list[dict[str, Any]]]:
    """container -> {protocol, hosts, port, to, target} of each of its ports, by protocol and number."""
    found: dict[str, list[dict[str, Any]]] = {}
    things = [thing for thing in state.objects.values() if isinstance(thing, Publication)]
    for thing in sorted(things, key=lambda thing: (thing.protocol, thing.port, thing.hosts)):
        row = {
            "protocol": thing.protocol,
            "hosts": list(thing.hosts),
            "port": thing.port,
            "to": thing.to,
            "target": thing.target,
        }
        found.setdefault(thing.owner.partition("/")[2], []).append(row)
    return found


def ports_words(rows: Sequence[Mapping[str, Any]]) -> str:
    """`127.0.0.1:8080->80/tcp, [::1]:8080->80/tcp`; ports in a row as one: `0.0.0.0:3000-3005->3000-3005/tcp`."""
    runs: dict[tuple[str, str], list[list[int]]] = {}
    for row in rows:
        for host in row["hosts"]:
            known = runs.setdefault((row["protocol"], host), [])
            port, target = row["port"], row["target"]
            if known and (known[-1][1] + 1, known[-1][3] + 1) == (port, target):
                known[-1][1], known[-1][3] = port, target
            else:
                known.append([port, port, target, target])
    return ", ".join(
        f"{place(host, 0)[:-1]}{_range(*run[:2])}->{_range(*run[2:])}/{protocol}"
        for (protocol, host), several in runs.items()
        for run in several
    )


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def ports_keys(ports: Iterable[Port]) -> list[str]:
    """The short form of each, as it stands in a file."""
    return [
        (place(port.host, port.published) if port.host else str(port.published))
        + f":{port.target}"
        + (f"/{port.protocol}" if port.protocol != TCP else "")
        for port in ports
    ]
