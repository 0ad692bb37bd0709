"""`publish: nat` -> one rule of the host and one of the fabric for all ports of a protocol and family."""

from __future__ import annotations

from typing import Any

import pytest

from tests.planner.tables import state
from topo.errors import DocumentErrors
from topo.objects import State
from topo.objects.firewall import Firewall
from topo.objects.host import IPV6, Host, Outer
from topo.objects.publication import Publication
from topo.objects.uplink import Uplink
from topo.resolver import settled

HOST = State("t", host=Host(outer=(Outer("e"), Outer(f"{IPV6}e"))))


def lab(*ports: Any, **more: Any) -> dict[str, Any]:
    networks = {"n": {"subnet": ["10.0.0.0/24", "fd00::/64"], "uplink": "nat"}, "m": {"subnet": "10.1.0.0/24"}}
    return {"networks": networks, "containers": {"a": {"networks": ["n"], "publish": "nat", "ports": [*ports], **more}}}


def rules(document: dict[str, Any], there: State = HOST) -> tuple[list[str], list[str]]:
    """(of the host, of the fabric), without what stands before `dnat` and with the addresses of the uplink as F."""
    found = settled(state(document), there)
    uplink = next(thing for thing in found.objects.values() if isinstance(thing, Uplink))
    inside = [neighbour.partition(" ")[0] for neighbour in uplink.neighbours]
    chains = [*uplink.chains, *(chain for one in found.objects.values() if isinstance(one, Firewall) for chain in one.chains)]
    host, fabric = ([], [])  # type: tuple[list[str], list[str]]
    for chain in chains:
        for rule in chain.rules if chain.name == "published" else ():
            text = "dnat" + rule.partition("dnat")[2]
            for address in inside:
                text = text.replace(address, "F")
            (fabric if rule.startswith('iifname "') else host).append(text)
    return host, fabric


def test_who_comes_from_outside_is_led_twice() -> None:
    assert rules(lab("0.0.0.0:8080:80", "192.0.2.1:53:53/udp", "192.0.2.1:54:54/udp")) == (
        [
            "dnat ip to tcp dport map { 8080 : F . 8080 }",
            "dnat ip to ip daddr . udp dport map { 192.0.2.1 . 53 : F . 53, 192.0.2.1 . 54 : F . 54 }",
        ],
        [
            "dnat ip to tcp dport map { 8080 : 10.0.0.2 . 80 }",
            "dnat ip to udp dport map { 53 : 10.0.0.2 . 53, 54 : 10.0.0.2 . 54 }",
        ],
    )


def test_rules_do_not_grow_with_ports() -> None:
    host, fabric = rules(lab("0.0.0.0:3000-3999:3000-3999"))
    assert (len(host), len(fabric)) == (1, 1)
    assert host[0].count(" : F . ") == 1000


def test_one_port_of_two_addresses_is_two_in_the_fabric() -> None:
    _, fabric = rules(lab("192.0.2.1:80:80", "192.0.2.2:80:81"))
    assert fabric == ["dnat ip to tcp dport map { 80 : 10.0.0.2 . 80, 65535 : 10.0.0.2 . 81 }"]


def test_ipv6_only_where_the_host_forwards_it() -> None:
    host, fabric = rules(lab("[::]:80:80"))
    assert host == ["dnat ip6 to tcp dport map { 80 : F . 80 }"]
    assert fabric == ["dnat ip6 to tcp dport map { 80 : fd00::2 . 80 }"]
    assert rules(lab("[::]:80:80"), State("t", host=Host(outer=(Outer("e"),)))) == ([], fabric)


@pytest.mark.parametrize("ports", ["8080:80", "127.0.0.1:8080:80", "[::1]:8080:80"])
def test_what_only_the_host_reaches_is_the_forwarders(ports: str) -> None:
    assert rules(lab(ports)) == ([], [])


def test_the_forwarder_serves_all_of_them_too() -> None:
    found = [thing for thing in state(lab("0.0.0.0:8080:80", "8081:80")).objects.values() if isinstance(thing, Publication)]
    assert [thing.port for thing in found] == [8080, 8081]


@pytest.mark.parametrize(
    "more", [{"networks": ["m", "n"]}, {"networks": ["m"]}, {"routes": [{"to": "0.0.0.0/0", "via": "10.0.0.9"}]}]
)
def test_answers_must_leave_as_questions_came(more: dict[str, Any]) -> None:
    with pytest.raises(DocumentErrors, match="of IPv4 needs a way out where its default route goes"):
        state(lab("0.0.0.0:80:80", **more))
    state(lab("80:80", **more))


def test_the_gateways_network_is_the_way() -> None:
    _, fabric = rules(lab("0.0.0.0:80:80", networks=["m", "n"], gateway_network="n"))
    assert fabric == ["dnat ip to tcp dport map { 80 : 10.0.0.2 . 80 }"]
