"""A document of which a part is wrong: what is said is that, and what is wrong besides; never what only follows from it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from topo.document.loading import draft_of
from topo.document.source import Source
from topo.errors import DocumentError, DocumentErrors
from topo.lab import Path
from topo.resolver import checked

RIGHT = """
networks:
  front: {driver: bridge, subnet: 10.0.0.0/24, gateway: 10.0.0.9, mtu: 1400, mac: "02:00:00:00:00:09"}
  back: {subnet: [10.1.0.0/24, "fd00:1::/64"], gateway: [10.1.0.1, "fd00:1::1"]}
  small: {subnet: 10.2.0.0/30}
  two: {subnet: 10.3.0.0/31, gateway: false}
  chosen: {stp: true}
containers:
  web:
    networks:
      - front
      - {network: back, interface: db0, address: [10.1.0.10, "fd00:1::10"], mac: "02:00:00:00:00:01", aliases: [www]}
      - {network: chosen, address: 172.17.0.7}
      - {network: two, address: 10.3.0.0}
    loopback: [172.18.0.1, 10.255.0.1/32]
    sysctls: {net.ipv4.ip_forward: 1, net.ipv4.conf.db0.forwarding: 0, net.ipv4.conf.p0.rp_filter: 1}
    gateway_network: back
    routes:
      - {to: 10.9.0.0/16, via: 10.1.0.77}
      - {to: 10.8.0.0/16, via: 192.168.0.1, interface: p0}
      - {to: "fd99::/64", via: "fe80::1", interface: db0}
      - {to: 10.7.0.0/16, interface: eth2, metric: 7}
      - {to: 10.6.0.0/16, type: blackhole}
  db: {networks: [back, two], replicas: 1, routes: [{to: 10.9.0.0/16, via: 10.1.0.10}]}
  alone: {networks: [{network: front, address: 10.0.0.1}, small]}
  plain: {routes: [{to: 10.9.0.0/16, via: 10.4.0.2}]}
  edge: {networks: [host]}
links:
  - {endpoints: ["web:p0", {container: db, interface: p0, address: 192.168.0.1}], subnet: 192.168.0.0/31}
  - endpoints:
      - {container: plain, interface: p0, address: 10.4.0.1/30}
      - {container: alone, interface: p0, address: 10.4.0.2/30}
  - {endpoints: ["web:p1", "web:p2"], mtu: 1400}
"""
DOCUMENT = yaml.safe_load(RIGHT)


def said(document: Any) -> list[DocumentError]:
    """All that is wrong with a document."""
    text = document if isinstance(document, str) else yaml.safe_dump(document, sort_keys=False)
    try:
        checked(draft_of(Source("lab.yaml", text.encode(), "lab"), None))
    except DocumentErrors as wrong:
        return list(wrong.errors)
    return []


def paths(value: Any, path: Path = ()) -> list[Path]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, item in below for deeper in paths(item, (*path, key)))]


def broken(value: Any, path: Path) -> Any:
    """A copy with something at `path` that can be nothing."""
    if not path:
        return "${X}"
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = broken(copy[path[0]], path[1:])
    return copy


def test_the_document_is_right() -> None:
    assert said(DOCUMENT) == []


@pytest.mark.parametrize("path", paths(DOCUMENT)[1:], ids=lambda path: ".".join(map(str, path)))
def test_one_wrong_value_is_one_error(path: Path) -> None:
    (error,) = said(broken(DOCUMENT, path))
    assert error.code in ("not-supported", "type", "value")


NAMES = [
    ("containers", "web", "networks", 0),
    *(("containers", "web", "networks", at, "network") for at in (1, 2, 3)),
    ("containers", "db", "networks", 1),
    ("containers", "web", "gateway_network"),
    ("containers", "edge", "networks", 0),
    ("links", 0, "endpoints", 0),
    ("links", 0, "endpoints", 1, "container"),
]


@pytest.mark.parametrize("path", NAMES, ids=lambda path: ".".join(map(str, path)))
def test_one_name_that_nothing_has_is_one_error(path: Path) -> None:
    document = yaml.safe_load(RIGHT)
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = f"x{holder[path[-1]]}"
    assert [error.code for error in said(document)] in (["unknown-network"], ["unknown-container"])


@pytest.mark.parametrize("path", paths(DOCUMENT)[1:], ids=lambda path: ".".join(map(str, path)))
def test_one_key_that_is_not_known_is_one_error(path: Path) -> None:
    *above, key = path
    holder = DOCUMENT
    for step in above:
        holder = holder[step]
    if not isinstance(holder, dict) or above in ([], ["networks"], ["containers"]) or above[2:3] == ["sysctls"]:
        return
    document = yaml.safe_load(RIGHT)
    holder = document
    for step in above:
        holder = holder[step]
    holder[f"{key}{str(key)[-1]}"] = holder.pop(key)
    assert [error.message for error in said(document)] == ["unknown key"]


def test_what_is_wrong_besides_is_said_as_well_in_the_order_of_the_file() -> None:
    found = said("""
networks:
  a: {subnet: 10.0.0.0/24, colour: red}
  b: {subnet: 10.0.0.0/25, mtu: 9}
containers:
  web:
    networks: [{network: a, address: 10.9.0.1, mac: x}, {network: b, interface: eth0}]
    routes: [{to: default}]
""")
    codes = ["unknown-key", "subnet-overlap", "value", "address-outside", "value", "interface-twice", "route-form"]
    assert [error.code for error in found] == codes
    assert [error.where for error in found] == sorted(error.where for error in found if error.where)


def test_an_address_twice_is_said_whatever_the_gateway_was_to_be() -> None:
    found = said("""
networks: {a: {subnet: 10.0.0.0/24, gateway: x}}
containers:
  b: {networks: [{network: a, address: 10.0.0.1}]}
  c: {networks: [{network: a, address: 10.0.0.1}]}
""")
    assert [error.code for error in found] == ["value", "address-twice"]
