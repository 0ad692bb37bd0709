"""State -> the containers of a lab: the rows of `topo ps`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from topo.objects import State
from topo.objects.address import Address
from topo.objects.names import namespace_of
from topo.views.ports import ports_words, published
from topo.views.table import table


def containers_data(state: State, names: Sequence[str], processes: Mapping[str, Sequence[int]]) -> list[dict[str, Any]]:
    """Per container {name, namespace, addresses, ports, processes}; `namespace` is None for a name of the host's own."""
    present = {key[1] for key in state.objects if key[0] == "namespace"}
    addresses: dict[str, list[dict[str, str]]] = {}
    for thing in state.objects.values():
        if isinstance(thing, Address) and thing.namespace and thing.interface != "lo" and not _is_link_local(thing):
            addresses.setdefault(thing.namespace, []).append({"interface": thing.interface, "ip": thing.ip})
    ports, rows = published(state), []
    for name in names:
        namespace = namespace_of(state.lab, name)
        rows.append(
            {
                "name": name,
                "namespace": namespace if namespace in present else None,
                "addresses": addresses.get(namespace, []),
                "ports": ports.get(name, []),
                "processes": list(processes.get(name, ())),
            }
        )
    return rows


def containers_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as a table."""
    cells = [
        (
            row["name"],
            row["namespace"] or "(the host's own)",
            " ".join(f"{one['interface']}={one['ip']}" for one in row["addresses"]) or "-",
            str(len(row["processes"])),
            ports_words(row["ports"]) or "-",
        )
        for row in rows
    ]
    return table(("CONTAINER", "NAMESPACE", "ADDRESSES", "PROCESSES", "PORTS"), cells)


def _is_link_local(thing: Address) -> bool:
    return thing.ip.startswith("fe80:")
