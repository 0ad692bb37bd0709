"""Whatever is done to a right file, it is a lab or a list of errors, each in its place."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as some

from topo.document.loading import draft_of
from topo.document.source import Source
from topo.errors import DocumentError, DocumentErrors
from topo.resolver import checked

TEXT = """
name: shop
x-base: &base {hostname: web}
networks:
  front: {subnet: 10.0.0.0/24, ageing_time: 5m, stp: true}
  back: {subnet: [10.1.0.0/24, "fd00:1::/64"], mtu: 9000, gateway: [10.1.0.1, "fd00:1::1"]}
containers:
  web:
    <<: *base
    networks:
      - front
      - {network: back, interface: db0, address: 10.1.0.10, mac: "02:00:00:00:00:01", aliases: [www]}
    sysctls: {net.ipv4.ip_forward: 1}
    routes: [{to: default, via: 10.0.0.9}, {to: 10.9.0.0/16, type: blackhole}]
    extra_hosts: ["db.example:10.0.0.7"]
  db: {networks: [back], loopback: [10.255.0.1/32], replicas: 1}
  host: {networks: [host]}
links:
  - {endpoints: ["web:p0", {container: db, interface: p0}], subnet: 192.168.0.0/31}
""".replace("  host: {networks", "  edge: {networks")
DOCUMENT = yaml.safe_load(TEXT)
ODD = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    "no",
    "a b",
    "10.0.0.1/24",
    "fd00::/64",
    "web:p0",
    "${X}",
    "\u0000",
    [],
    [None],
    {},
    {"a": None},
]


def judged(text: str) -> None:
    errors: tuple[DocumentError, ...] = ()
    try:
        checked(draft_of(Source("lab.yaml", text.encode("utf-8", "surrogatepass"), "lab"), None))
    except DocumentErrors as wrong:
        errors = wrong.errors
    places = [error.where for error in errors]
    assert places == sorted(place for place in places if place)
    lines = max(1, len(text.splitlines()))
    assert all(1 <= place.line <= lines and place.column >= 1 for place in places if place)
    assert all("\n" not in str(error) and "\n" not in str(error.hint) for error in errors)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, item in below for deeper in paths(item, (*path, key)))]


PATHS = [path for path in paths(DOCUMENT) if path]


def changed(value: Any, path: tuple[Any, ...], change: tuple[str, Any]) -> Any:
    """A copy of `value` with one thing at `path` deleted, renamed or replaced."""
    copy = dict(value) if isinstance(value, dict) else list(value)
    key, *rest = path
    if rest:
        copy[key] = changed(copy[key], tuple(rest), change)
        return copy
    what, new = change
    if what == "delete":
        del copy[key]
    elif what == "rename" and isinstance(copy, dict):
        return {new if name == key else name: item for name, item in copy.items()}
    else:
        copy[key] = new
    return copy


CHANGES = some.one_of(
    some.just(("delete", None)),
    some.tuples(
        some.just("rename"), some.sampled_from(["subnet", "networks", "x-a", "web", "", "Web", "services", "a b", "<<", "host"])
    ),
    some.tuples(some.just("replace"), some.sampled_from([*ODD, *(DOCUMENT[key] for key in ("networks", "containers", "links"))])),
)


@settings(max_examples=400, deadline=None)
@given(some.lists(some.tuples(some.sampled_from(PATHS), CHANGES), min_size=1, max_size=3), some.booleans())
def test_a_changed_document(changes: list[tuple[tuple[Any, ...], tuple[str, Any]]], flow: bool) -> None:
    document = DOCUMENT
    for path, change in changes:
        try:
            document = changed(document, path, change)
        except (KeyError, IndexError, TypeError, ValueError):
            continue
    judged(yaml.safe_dump(document, default_flow_style=flow, sort_keys=False))


@settings(max_examples=300, deadline=None)
@given(
    some.integers(0, len(TEXT)),
    some.integers(0, 12),
    some.text(alphabet=" \t\n:-[]{}'\"&*!|>%@`#,?<xé\u0085\u2028\0", max_size=4),
)
def test_a_changed_text(start: int, length: int, new: str) -> None:
    judged(TEXT[:start] + new + TEXT[start + length :])
    judged(TEXT[:start])
