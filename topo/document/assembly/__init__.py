"""plain values of a document -> Lab: defaults of form, replicas, and whether each name that is used exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topo.document.assembly.checks import check, check_replicas
from topo.document.assembly.containers import containers
from topo.document.assembly.links import Links
from topo.document.assembly.networks import Networks
from topo.document.assembly.replicas import Replicas
from topo.document.assembly.values import mapping
from topo.document.reader import Broken
from topo.document.report import Report
from topo.lab import Lab

MOST = 32768
"""Containers of a lab, replicas counted."""


def assemble(name: str, document: Mapping[str, Any], report: Report) -> Lab:
    """The lab of a document that was read by the schema. What is wrong goes to the report; the lab then means nothing."""
    networks = Networks(document.get("networks"), report)
    entries = {key: mapping(entry) for key, entry in mapping(document.get("containers")).items()}
    total = sum(_replicas(entry) for entry in entries.values())
    if total > MOST:
        report.add(("containers",), f"{total} containers, and a lab has at most {MOST}", key=True, code="too-large")
        report.finish()
    replicas = Replicas(entries, report)
    links = Links(document.get("links"), replicas, not isinstance(document.get("containers"), Broken), report)
    made = tuple(containers(entries, replicas, networks, links.interfaces.keys(), report))
    for key, entry in entries.items():
        check_replicas(key, entry, report)
    for container in made:
        entry = entries[replicas.origin[container.name]]
        check(container, entry, links.interfaces.get(container.name, ()), networks, report, sure=links.sure)
    return Lab(name, networks.used(made), made, links.made, report.places)


def _replicas(entry: Mapping[str, Any]) -> int:
    number = entry.get("replicas")
    return number if isinstance(number, int) else 1
