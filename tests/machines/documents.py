"""Hypothesis -> desired states whose parts fight for few names, addresses and MACs: no edit of one into another is simple."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from topo.document import loads
from topo.errors import DocumentErrors
from topo.objects import State
from topo.resolver import resolve

Document = dict[str, Any]

NETWORKS = {"front": ["10.1.0.0/24"], "back": ["10.2.0.0/24", "fd00:2::/64"], "third": ["fd00:3::/64"]}
PEOPLE = "abc"
SYSCTLS = ("net.ipv4.ip_forward", "net.ipv4.tcp_syncookies")
NAMES = ("x", "y", "eth0", "eth1")


def states() -> st.SearchStrategy[State]:
    """Desired states of the lab t; documents that contradict themselves are left out."""
    return documents().map(resolved).filter(lambda state: state is not None)  # type: ignore[return-value]


def resolved(document: Document) -> State | None:
    """The desired state of a document, None when it is wrong."""
    try:
        return resolve(loads(json.dumps(document), "lab.yaml", name="t"))
    except DocumentErrors:
        return None


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Up to three networks, three containers and a link."""
    names = draw(st.lists(st.sampled_from(sorted(NETWORKS)), min_size=1, max_size=3, unique=True))
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True))
    hosts = draw(st.permutations(range(5, 5 + len(PEOPLE))))
    document: Document = {
        "networks": {name: draw(_network(name)) for name in names},
        "containers": {name: draw(_container(names, host)) for name, host in zip(people, hosts, strict=False)},
    }
    for name, network in document["networks"].items():
        joined = [one for one in people if any(at["network"] == name for at in document["containers"][one]["networks"])]
        if len(joined) > 1 and draw(st.booleans()):
            pair = draw(st.permutations(joined))[:2]
            network["impair"] = [
                {"between": pair, **draw(_some({"delay": st.just("9ms"), "reverse": st.just({"rate": "1mbit"})}))}
            ]
    if draw(st.booleans()):
        document["links"] = [draw(_link(people))]
    return document


@st.composite
def _network(draw: st.DrawFn, name: str) -> Document:
    options = {
        "mtu": st.sampled_from([1400, 9000]),
        "mac": st.just(f"02:00:00:00:00:0{len(name)}"),
        "stp": st.booleans(),
        "gateway": st.just(False),
    }
    return {"subnet": NETWORKS[name][: draw(st.integers(1, 2))], **draw(_some(options))}


@st.composite
def _container(draw: st.DrawFn, names: list[str], host: int) -> Document:
    joined = draw(st.permutations(names))[: draw(st.integers(0, len(names)))]
    called = draw(st.permutations(NAMES)) if draw(st.booleans()) else [None] * len(NAMES)
    options = {
        "loopback": _list("10.255.0.1/32", "10.255.0.2/24", "fd00:ff::1/128"),
        "sysctls": st.dictionaries(
            st.sampled_from(["net.ipv4.ip_forward", "net.ipv4.tcp_syncookies"]), st.integers(0, 1), min_size=1
        ),
        "routes": st.lists(_route(), min_size=1, max_size=2, unique_by=lambda route: route["to"]),
        "hostname": st.sampled_from(["h1", "h2"]),
        "ports": _list(f"80{host}0:80", f"80{host}0:81/udp", f"0.0.0.0:80{host}1:{80 + host}"),
        "gateway_network": st.sampled_from(joined or names),
    }
    if not joined or draw(st.booleans()):
        del options["gateway_network"]
    networks = [draw(_attachment(name, place, host)) for name, place in zip(joined, called, strict=False)]
    return {"networks": networks, **draw(_some(options))}


@st.composite
def _attachment(draw: st.DrawFn, name: str, interface: str | None, host: int) -> Document:
    options = {
        "address": st.just(NETWORKS[name][0].partition("/")[0].removesuffix("0") + str(host)),
        "mac": st.just(f"02:00:00:00:01:{host:02}"),
        "mtu": st.sampled_from([1300, 1350]),
        "aliases": _list("www", "mail"),
    }
    return {"network": name, **({"interface": interface} if interface else {}), **draw(_some(options))}


def _route() -> st.SearchStrategy[Document]:
    to = st.sampled_from(["192.0.2.0/24", "198.51.100.0/24"])
    via = st.fixed_dictionaries({"to": to, "via": st.sampled_from(["10.1.0.99", "10.2.0.99", "10.1.0.5", "10.1.0.6"])})
    return via | st.fixed_dictionaries({"to": to, "type": st.sampled_from(["blackhole", "prohibit"])})


@st.composite
def _link(draw: st.DrawFn, people: list[str]) -> Document:
    ends = draw(st.permutations(people * 2))[:2]
    names = [draw(st.sampled_from(["x", "p0", "p1"])) for _ in ends]
    options = {"subnet": st.sampled_from(["10.9.0.0/31", "10.9.0.0/24"]), "mtu": st.sampled_from([1400, 9000])}
    return {"endpoints": [f"{end}:{name}" for end, name in zip(ends, names, strict=True)], **draw(_some(options))}


def _some(options: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries({}, optional=options)


def _list(*values: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)
