"""plain values of a document -> Lab: defaults of form, replicas, and whether each name that is used exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from topo.document.assembly.checks import check_alone, check_replicas
from topo.document.assembly.containers import containers
from topo.document.assembly.links import Links
from topo.document.assembly.networks import Networks
from topo.document.assembly.replicas import Replicas
from topo.document.assembly.values import mapping
from topo.document.reader import Broken
from topo.document.report import Report
from topo.lab import Lab, Network

MOST = 32768
"""Containers of a lab, replicas counted."""


def assemble(name: str, document: Mapping[str, Any], report: Report) -> Lab:
    """The lab of a document that was read by the schema. What is wrong goes to the report; the lab is what is right."""
    networks = Networks(document.get("networks"), report)
    entries = {key: _entry(entry) for key, entry in mapping(document.get("containers")).items()}
    total = sum(_replicas(entry) for entry in entries.values())
    if total > MOST:
        report.add(("containers",), f"{total} containers, and a lab has at most {MOST}", key=True, code="too-large")
        report.give_up()
    replicas = Replicas(entries, report, all_known=not isinstance(document.get("containers"), Broken))
    links = Links(document.get("links"), replicas, report)
    made = tuple(containers(entries, replicas, networks, links.linked, report))
    for key, entry in entries.items():
        check_replicas(key, entry, report)
    for container in made:
        check_alone(container, networks, report)
    with_pairs = tuple(_with_pairs(network, document, replicas, report) for network in networks.used(made))
    return Lab(name, with_pairs, tuple(map(networks.known_to, made)), links.made, report.places)


def _with_pairs(network: Network, document: Mapping[str, Any], replicas: Replicas, report: Report) -> Network:
    entry = mapping(mapping(document.get("networks")).get(network.name))
    if "impair" not in entry:
        return network
    from topo.document.assembly.pairs import pairs_of  # which few labs have

    return replace(network, pairs=pairs_of(network.name, entry, replicas, report))


def _entry(entry: Any) -> Mapping[str, Any]:
    """A container's keys. Of one that says nothing that can be read, it is not known on which networks it is."""
    return {"networks": entry} if isinstance(entry, Broken) else mapping(entry)


def _replicas(entry: Mapping[str, Any]) -> int:
    number = entry.get("replicas")
    return number if isinstance(number, int) else 1
