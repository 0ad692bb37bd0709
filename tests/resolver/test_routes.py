from __future__ import annotations

import pytest

from tests.resolver.given import errors, found, resolved
from topo.errors import DocumentErrors
from topo.lab import Attachment, Container, Lab, Network
from topo.lab import Route as Wish
from topo.objects import State
from topo.objects.address import Address
from topo.objects.route import Route
from topo.resolver import resolve


def routes(state: State, container: str) -> list[tuple[str, str | None, str | None, int]]:
    """(to, via, interface, metric) of each, in order."""
    return [
        (thing.to, thing.via, thing.interface, thing.metric)
        for thing in state.objects.values()
        if isinstance(thing, Route) and thing.owner == f"containers/{container}"
    ]


THREE = """\
    networks:
      closed: {subnet: 10.1.0.0/24, gateway: false}
      four: {subnet: 10.2.0.0/24}
      six: {subnet: "fd00:3::/64"}
      both: {subnet: [10.4.0.0/24, "fd00:4::/64"]}
    containers:
      a:
        networks: [closed, four, six, both]
        %s
    """


def test_each_family_goes_by_the_first_network_that_has_a_gateway_of_it() -> None:
    found = routes(resolved(THREE % ""), "a")
    assert found == [("0.0.0.0/0", "10.2.0.1", "eth1", 0), ("::/0", "fd00:3::1", "eth2", 1024)]


def test_the_gateway_network_comes_first() -> None:
    found = routes(resolved(THREE % "gateway_network: both"), "a")
    assert found == [("0.0.0.0/0", "10.4.0.1", "eth3", 0), ("::/0", "fd00:4::1", "eth3", 1024)]
    found = routes(resolved(THREE % "gateway_network: four"), "a")
    assert found == [("0.0.0.0/0", "10.2.0.1", "eth1", 0), ("::/0", "fd00:3::1", "eth2", 1024)]


def test_a_gateway_network_without_a_gateway_is_an_error() -> None:
    (error,) = errors(THREE % "gateway_network: closed")
    assert (str(error.where), error.code) == ("lab.yaml:9:22", "gateway-network")


def test_a_written_default_route_stands_for_its_familys() -> None:
    state = resolved(THREE % "routes: [{to: default, via: 10.1.0.9}]")
    assert routes(state, "a") == [("::/0", "fd00:3::1", "eth2", 1024), ("0.0.0.0/0", "10.1.0.9", "eth0", 0)]


def test_a_gateway_finds_its_interface() -> None:
    state = resolved(THREE % 'routes: [{to: 10.9.0.0/16, via: 10.4.0.7, metric: 5}, {to: "fd99::/64", via: "fd00:3::7"}]')
    assert routes(state, "a")[2:] == [("10.9.0.0/16", "10.4.0.7", "eth3", 5), ("fd99::/64", "fd00:3::7", "eth2", 1024)]


def test_a_file_may_name_a_link_local_gateway() -> None:
    state = resolved(THREE % 'routes: [{to: default, via: "fe80::1", interface: eth2}]')
    assert ("::/0", "fe80::1", "eth2", 1024) in routes(state, "a")


def with_route(route: Wish) -> Lab:
    """A lab of one container, with IPv4 on eth0 and IPv6 on eth1, and this route."""
    networks = (Network("four"), Network("six", subnets=("fd00::/64",)))
    return Lab("t", networks, (Container("a", (Attachment("four"), Attachment("six")), routes=(route,)),))


def test_a_link_local_gateway_is_on_the_interface_that_the_file_names() -> None:
    state = resolve(with_route(Wish("fd99::/64", "fe80::1", "eth1")))
    assert routes(state, "a")[2] == ("fd99::/64", "fe80::1", "eth1", 1024)


@pytest.mark.parametrize(
    ("route", "words"),
    [
        (Wish("fd99::/64", "fe80::1"), "it can be on every interface"),
        (Wish("fd99::/64", "fe80::1", "eth0"), "interface eth0 has no IPv6"),
        (Wish("fd99::/64", "10.0.0.1"), "is no IPv6 address"),
        (Wish("fd99::/64", interface="eth7"), "a has no interface eth7"),
        (Wish("fd99::/64"), "does not say which way"),
        (Wish("fd99::/64", "fd00::9", type="blackhole"), "sends nothing"),
    ],
)
def test_a_route_that_makes_no_sense(route: Wish, words: str) -> None:
    with pytest.raises(DocumentErrors, match=words):
        resolve(with_route(route))


def test_a_route_to_nowhere() -> None:
    state = resolved(THREE % "routes: [{to: 10.9.0.0/16, type: blackhole}]")
    route = found(state, "containers/a/routes/10.9.0.0/16", Route)
    assert (route.type, route.via, route.interface) == ("blackhole", None, None)


def test_a_gateway_beyond_a_link() -> None:
    state = resolved("""\
        containers:
          a: {networks: [], routes: [{to: 10.9.0.0/16, via: 192.168.0.1}]}
          b: {networks: []}
        links: [{endpoints: ["a:p0", "b:p0"], subnet: 192.168.0.0/31}]
        """)
    assert routes(state, "a") == [("10.9.0.0/16", "192.168.0.1", "p0", 0)]


@pytest.mark.parametrize(
    ("route", "code", "words"),
    [
        ("to: 10.9.0.0/16, via: 10.77.0.1", "route-via", "10.77.0.1 is on no subnet of a"),
        ("to: 10.9.0.0/16, via: 10.2.0.9, interface: eth0", "route-via", "10.2.0.9 is on no subnet on interface eth0"),
        ("to: 10.9.0.0/16, via: 10.2.0.2", "route-via-self", "10.2.0.2 is an address of a itself"),
        ("to: 10.9.0.0/16, via: 10.2.0.255", "route-via", "the broadcast address of 10.2.0.0/24"),
        ("to: 10.2.0.0/24, via: 10.4.0.1", "route-connected", "eth1 has an address in it"),
    ],
)
def test_a_route_that_cannot_be(route: str, code: str, words: str) -> None:
    (error,) = errors(THREE % f"routes: [{{{route}}}]")
    assert (error.where and error.where.line, error.code) == (9, code)
    assert words in error.message
    assert error.hint


def test_the_hint_names_the_subnets_that_there_are() -> None:
    (error,) = errors(THREE % "routes: [{to: 10.9.0.0/16, via: 10.77.0.1}]")
    assert error.hint == "its subnets: 10.1.0.0/24 (eth0), 10.2.0.0/24 (eth1), 10.4.0.0/24 (eth3)"


def test_a_named_gateway_is_the_only_one_of_its_family() -> None:
    state = resolved(
        """
        networks: {n: {subnet: [10.1.0.0/24, 10.2.0.0/24, "fd00::/64"], gateway: 10.2.0.9}}
        containers: {a: {networks: [n]}}
        """
    )
    routes = [thing.via for thing in state.objects.values() if isinstance(thing, Route) and thing.to in ("0.0.0.0/0", "::/0")]
    assert routes == ["10.2.0.9", "fd00::1"]
    bridge = [thing.ip for thing in state.objects.values() if isinstance(thing, Address) and thing.interface == "n"]
    assert [ip for ip in bridge if not ip.startswith("fe80")] == ["10.2.0.9/24", "fd00::1/64"]
