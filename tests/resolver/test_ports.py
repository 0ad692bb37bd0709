"""`ports:` of a file -> what listens on the host, and where it leads."""

from __future__ import annotations

import pytest

from tests.resolver.given import resolved
from topo.objects.publication import LOOPBACK, Publication

NETWORKS = 'networks: {lan: {subnet: 10.0.0.0/24}, six: {subnet: "fd00::/64"}, both: {subnet: ["fd01::/64", 10.1.0.0/24]}}\n'


def ports(text: str, networks: str = "[lan]") -> dict[str, Publication]:
    """address, without the owner -> port."""
    state = resolved(f"{NETWORKS}containers: {{web: {{networks: {networks}, ports: {text}}}}}\n")
    found = [thing for thing in state.objects.values() if isinstance(thing, Publication)]
    return {thing.address.removeprefix("containers/web/ports/"): thing for thing in found}


def test_without_an_address_it_is_the_loopback() -> None:
    (port,) = ports('["8080:80"]').values()
    assert (port.hosts, port.port, port.to, port.target, port.protocol) == (LOOPBACK, 8080, "10.0.0.2", 80, "tcp")
    assert port.namespace == "topo.t.web"


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("8080:80", "{target: 80, published: 8080}"),
        ("8080:80/UDP", '{target: 80, published: "8080", protocol: udp, mode: host, name: web, app_protocol: dns}'),
        ("192.0.2.1:8080:80", "{target: 80, published: 8080, host_ip: 192.0.2.1}"),
        ("[2001:db8::1]:8080:80", '{target: 80, published: 8080, host_ip: "2001:db8::1"}'),
        ("[::]:8080:80", '{target: 80, published: 8080, host_ip: "::"}'),
    ],
)
def test_short_and_long_are_the_same(short: str, long: str) -> None:
    assert ports(f'["{short}"]') == ports(f"[{long}]")


def test_what_yaml_takes_for_a_number_of_base_sixty_is_a_port() -> None:
    assert list(ports("[22:22, 3306:33]")) == ["22", "3306"]


def test_a_range_is_as_many_ports() -> None:
    found = ports('["0.0.0.0:3000-3002:4000-4002/udp"]')
    assert {name: port.target for name, port in found.items()} == {
        "0.0.0.0:3000/udp": 4000,
        "0.0.0.0:3001/udp": 4001,
        "0.0.0.0:3002/udp": 4002,
    }


@pytest.mark.parametrize(
    ("networks", "to"),
    [
        ("[lan, both]", "10.0.0.2"),
        ("[six, lan]", "fd00::2"),
        ("[both]", "10.1.0.2"),
        ("[]", "127.0.0.1"),
    ],
)
def test_the_first_network_is_where_it_leads(networks: str, to: str) -> None:
    assert ports('["8080:80"]', networks)["8080"].to == to


def test_a_pulled_cable_leads_nowhere() -> None:
    text = 'containers: {a: {ports: ["8080:80"]}, b: }\nlinks: [{endpoints: ["a:p0", "b:p0"], subnet: 10.2.0.0/31, up: false}]\n'
    (port,) = [thing for thing in resolved(text).objects.values() if isinstance(thing, Publication)]
    assert port.to == "127.0.0.1"


def test_the_same_port_of_other_addresses_or_of_udp_is_another() -> None:
    assert len(ports('["8080:80", "8080:80/udp", "192.0.2.1:8080:80", "192.0.2.2:8080:80", "[2001:db8::1]:8080:80"]')) == 5
