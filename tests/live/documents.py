"""Hypothesis -> documents that are right: each address, name and MAC is used once."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

from hypothesis import strategies as st

FOCUSES = ("networks", "containers", "cables", "families")
"""What the documents of a test have much of."""

OUTSIDE, EVERYTHING = "outside", "everything"
"""As many of macvlan networks on the host's eth1; and of all kinds that not every kernel has."""

_NETWORKS = {"lan": 1, "wan": 2, "dmz": 3}
_CONTAINERS = ("a", "b", "c", "d")

Document = dict[str, Any]


@st.composite
def documents(draw: st.DrawFn, focus: str) -> Document:
    """A lab of up to three networks, four containers and two cables."""
    names = draw(st.lists(st.sampled_from(sorted(_NETWORKS)), max_size=3 if focus == "networks" else 2, unique=True))
    people = draw(st.lists(st.sampled_from(_CONTAINERS), min_size=1, max_size=4 if focus == "containers" else 3, unique=True))
    networks = {name: draw(_network_of(focus)(_NETWORKS[name], focus)) for name in names}
    document: Document = {
        "networks": networks,
        "containers": {name: draw(_container(_CONTAINERS.index(name), networks, focus)) for name in people},
    }
    for name, network in document["networks"].items():
        joined = [one for one, container in document["containers"].items() if name in _networks_of(container)]
        if network.get("driver", "bridge") == "bridge" and len(joined) > 1 and draw(st.booleans()):
            network["impair"] = draw(_pairs(joined))
    if len(people) > 1 and draw(st.booleans() if focus != "cables" else st.just(True)):
        document["links"] = draw(_links(people))
    return document


def _networks_of(container: Document) -> list[str]:
    return [one if isinstance(one, str) else one["network"] for one in container["networks"]]


@st.composite
def _pairs(draw: st.DrawFn, joined: list[str]) -> list[Document]:
    ways = [(one, other) for one in joined for other in joined if one != other]
    some = draw(st.lists(st.sampled_from(ways), min_size=1, max_size=3, unique=True))
    rates = st.sampled_from(["1mbit", "100mbit"])
    return [{"from": one, "to": other, "rate": draw(rates)} for one, other in some]


@st.composite
def _network(draw: st.DrawFn, number: int, focus: str) -> Document:
    both = draw(st.booleans()) or focus == "families"
    six, four = f"fd00:{number}::/64", f"10.{number}.0.0/24"
    subnet = [four, six] if both else draw(st.sampled_from([four, six]))
    network: Document = {"subnet": subnet}
    options = {
        "mtu": st.sampled_from([1400, 1500, 9000]),
        "mac": st.sampled_from([f"02:00:00:00:0{number}:01", f"02:00:00:00:0{number}:02"]),
        "ageing_time": st.sampled_from([30, 300, 0]),
        "multicast_snooping": st.booleans(),
        "gateway": st.sampled_from([False, True]),
    }
    for key in draw(st.lists(st.sampled_from(sorted(options)), max_size=3, unique=True)):
        network[key] = draw(options[key])
    if network.get("gateway") is True:
        network["gateway"] = six.replace("::/64", "::fe") if subnet == six else f"10.{number}.0.254"
    return network


def _network_of(focus: str) -> Callable[..., st.SearchStrategy[Document]]:
    return _network_elsewhere if focus in (OUTSIDE, EVERYTHING) else _network


@st.composite
def _network_elsewhere(draw: st.DrawFn, number: int, focus: str) -> Document:
    """Of three networks two are on the host's eth1, and one of all kinds looks at VLANs."""
    six, four = f"fd00:{number}::/64", f"10.{number}.0.0/24"
    if number == 3:
        return {"subnet": [four, six], **({"vlan_filtering": draw(st.booleans())} if focus == EVERYTHING else {})}
    network: Document = {"driver": "macvlan", "subnet": draw(st.sampled_from([[four, six], [four]])), "parent": "eth1"}
    if focus == EVERYTHING:
        network["parent"] = draw(st.sampled_from(["eth1", "eth1.100"])) if number == 1 else "eth1.200"
        network["driver"] = draw(st.sampled_from(["macvlan", "ipvlan"]))
    if draw(st.booleans()):
        network["mtu"] = draw(st.sampled_from([1400, 1500]))
    if draw(st.booleans()):
        network["gateway"] = f"10.{number}.0.254"
    return network


@st.composite
def _container(draw: st.DrawFn, number: int, networks: dict[str, Document], focus: str) -> Document:
    joined = draw(st.lists(st.sampled_from(list(networks)), max_size=2, unique=True)) if networks else []
    container: Document = {"networks": []}
    for place, name in enumerate(joined):
        attachment = draw(_attachment(name, number, place))
        if focus in (OUTSIDE, EVERYTHING):
            attachment = draw(_elsewhere(attachment, networks[name], number, focus))
        container["networks"].append(attachment)
    if draw(st.booleans()):
        container["loopback"] = draw(_some([f"10.255.{number}.1/32", f"10.255.{number}.2/32", f"fd00:ff::{number}/128"]))
    if draw(st.booleans()):
        ttl, forward = st.sampled_from([32, 64, 99]), st.sampled_from([0, 1])
        container["sysctls"] = {"net.ipv4.ip_default_ttl": draw(ttl), "net.ipv4.ip_forward": draw(forward)}
    if draw(st.booleans()):
        kinds = st.sampled_from(["blackhole", "unreachable", "prohibit"])
        container["routes"] = [{"to": to, "type": draw(kinds)} for to in draw(_some(["192.0.2.0/24", "2001:db8::/32"]))]
    if draw(st.booleans()):
        container["ports"] = draw(_some([f"80{number}0:80", f"80{number}0:81/udp", f"0.0.0.0:80{number}1:80"]))
    if draw(st.booleans()):
        container["hostname"] = draw(st.sampled_from(["h1", "h2.example"]))
    if draw(st.booleans()):
        container["extra_hosts"] = {"far.example": draw(st.sampled_from(["203.0.113.1", "2001:db8::1"]))}
    return container


def _some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


@st.composite
def _attachment(draw: st.DrawFn, network: str, number: int, place: int) -> str | Document:
    attachment: Document = {"network": network}
    options = {
        "interface": st.sampled_from([f"x{place}", f"y{place}"]),
        "mac": st.sampled_from([f"02:00:01:0{place}:00:{number:02x}", f"02:00:01:0{place}:01:{number:02x}"]),
        "mtu": st.sampled_from([1300, 1400]),
        "aliases": _some(["www", "mail"]),
        "rate": st.sampled_from(["1mbit", "100mbit"]),
    }
    for key in draw(st.lists(st.sampled_from(sorted(options)), max_size=3, unique=True)):
        attachment[key] = draw(options[key])
    return attachment if len(attachment) > 1 else network


@st.composite
def _elsewhere(draw: st.DrawFn, attachment: str | Document, network: Document, number: int, focus: str) -> Document:
    """With what its kind of network asks for, and without what it has not."""
    whole: Document = {"network": attachment} if isinstance(attachment, str) else attachment
    if "driver" in network:
        whole["address"] = [str(ip_network(subnet)[10 + number]) for subnet in network["subnet"]]
    if network.get("driver") == "ipvlan":
        whole.pop("mac", None)
    if network.get("vlan_filtering") and draw(st.booleans()):
        whole |= draw(st.sampled_from([{"vlan": 10}, {"vlan": 20}, {"trunk": [10, "20-30"]}]))
    if focus == EVERYTHING and draw(st.booleans()):
        whole |= draw(st.sampled_from([{"delay": "1ms"}, {"delay": "2ms", "loss": "1%"}]))
    return whole


@st.composite
def _links(draw: st.DrawFn, people: list[str]) -> list[Document]:
    cables = []
    for number in range(draw(st.integers(0, 2))):
        ends = draw(st.permutations(people))[:2]
        cable: Document = {"endpoints": [f"{name}:p{number}" for name in ends]}
        if draw(st.booleans()):
            cable["subnet"] = draw(
                st.sampled_from([f"10.200.{number}.0/31", f"10.200.{number}.0/30", f"fd00:200:{number}::/127"])
            )
        if draw(st.booleans()):
            cable["mtu"] = draw(st.sampled_from([1400, 9000]))
        if draw(st.booleans()):
            cable["rate"] = draw(st.sampled_from(["1mbit", "1.5gbit"]))
            cable["reverse"] = draw(st.sampled_from([{}, {"rate": "2mbit", "burst": "32kb", "limit": 50}]))
        if draw(st.booleans()):
            cable["up"] = draw(st.booleans())
        cables.append(cable)
    return cables
