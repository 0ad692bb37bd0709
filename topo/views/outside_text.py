"""The ways to the outside -> text, from the bridge to the host's interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from topo.views.paint import paint


def outside_text(lab: str, data: dict[str, Any], *, colour: bool = False) -> str:
    """Nothing for a lab that has none."""
    lines = [*(_uplink(data["uplink"]) if data["uplink"] else ()), *(line for plug in data["plugs"] for line in _plug(plug))]
    title = paint(f"way out of {lab}", "bold", colour=colour)
    return "\n".join([title, *lines]) + "\n" if lines else ""


def _uplink(data: dict[str, Any]) -> Iterator[str]:
    networks = ", ".join(f"{one['network']} ({one['mode']})" for one in data["networks"]) or "of no network"
    host = data["host"]
    yield f"  from {networks}"
    yield from _end(data["fabric"], host)
    yield from _end(host, data["fabric"])
    for route in host["routes"]:
        yield f"      route {route}"
    for rule in data["masquerade"]:
        source = rule.partition(" saddr ")[2].removesuffix(" masquerade")
        yield f"      {source} leaves with the host's address  (masquerade, table {data['table']})"
    out = data["forwarding"]
    others = {family: [name for name in names if name != host["name"]] for family, names in out.items()}
    for family, names in others.items():
        if names:
            yield f"      forwards {family.replace('ip', 'IP')} by {', '.join(names)}"
    for chain in data["let_through_by"]:
        yield f"      let through by two rules in {chain}"


def _end(end: dict[str, Any], other: dict[str, Any]) -> Iterator[str]:
    state = f"veth {'up' if end['up'] else 'down'}  mtu {end['mtu']}  mac {end['mac']}"
    yield f"  {end['index']}: {end['name']}@if{other['index']}  {state}  {_where(end)}"
    for address in end["addresses"]:
        yield f"      {'inet6' if ':' in address else 'inet'} {address}"


def _plug(data: dict[str, Any]) -> Iterator[str]:
    here, there = data["fabric"], data["host"]
    state = f"{'up' if data['up'] else 'down'}  mtu {data['mtu']}"
    yield f"  from {data['network'] or 'no network'} into the host's bridge {there['bridge'] or '(none)'}"
    for end, other in (here, there), (there, here):
        port = f"port of {end['bridge'] or 'no bridge'}"
        yield f"  {end['index']}: {end['name']}@if{other['index']}  veth {state}  {port}  {_where(end)}"


def _where(end: dict[str, Any]) -> str:
    return f"namespace {end['namespace']}" if end["namespace"] else "the host's own namespace"
