from __future__ import annotations

import pytest

from tests.resolver.given import end, errors, found, resolved, told
from topo.objects.bridge import Bridge
from topo.objects.veth import Veth
from topo.resolver.macs import link_local, of_ipv4

NAMED = """\
    networks:
      n: {subnet: 10.0.0.0/24%s}
    containers:
      a: {networks: [{network: n%s}]}
      b:
        networks:
          - network: n
            mac: %s
    """


def test_a_mac_of_an_address() -> None:
    assert of_ipv4("172.17.0.2") == "02:42:ac:11:00:02"


@pytest.mark.parametrize(
    ("mac", "address"),
    [
        ("02:42:ac:11:00:02", "fe80::42:acff:fe11:2/64"),
        ("02:00:00:00:00:01", "fe80::ff:fe00:1/64"),
        ("52:54:00:12:34:56", "fe80::5054:ff:fe12:3456/64"),
    ],
)
def test_a_link_local_address_of_a_mac(mac: str, address: str) -> None:
    assert link_local(mac).ip == address


def test_a_named_mac_is_respected_everywhere() -> None:
    state = resolved(NAMED % (", mac: 02:00:00:00:00:aa", "", "02:00:00:00:00:bb"))
    assert found(state, "networks/n", Bridge).mac == "02:00:00:00:00:aa"
    assert end(state, "b", "eth0").mac == "02:00:00:00:00:bb"
    assert end(state, "a", "eth0").mac == "02:42:0a:00:00:02"


def test_without_ipv4_it_is_a_hash_of_network_and_container() -> None:
    text = "networks: {n: {subnet: 'fd00::/64'}}\ncontainers: {%s: {networks: [{network: n, interface: %s}]}}"
    one, renamed, other = (end(resolved(text % pair), *pair).mac for pair in (("a", "x"), ("a", "y"), ("b", "x")))
    assert one.startswith("02:42:")
    assert one == renamed != other


def test_the_two_ends_of_a_veth_differ() -> None:
    veth = found(resolved("containers: {a: }"), "containers/a/eth0", Veth)
    assert veth.end.mac != veth.peer.mac


@pytest.mark.parametrize(
    ("network", "other", "mac", "place"),
    [
        (", mac: 02:00:00:00:00:01", "", "02:00:00:00:00:01", "lab.yaml:2:33"),
        ("", ", mac: 02:00:00:00:00:01", "02:00:00:00:00:01", "lab.yaml:4:36"),
    ],
)
def test_a_mac_twice_on_one_network_names_both_places(network: str, other: str, mac: str, place: str) -> None:
    (error,) = errors(NAMED % (network, other, mac))
    assert (str(error.where), error.code) == ("lab.yaml:8:14", "mac-twice")
    assert place in error.message


def test_a_mac_that_an_address_makes_is_taken() -> None:
    assert told(NAMED % ("", "", "02:42:0a:00:00:02")) == [("8:14", "mac-twice")]


def test_the_same_mac_on_two_networks_is_no_problem() -> None:
    mac = "mac: 02:00:00:00:00:01"
    state = resolved(f"networks: {{n: , m: }}\ncontainers: {{a: {{networks: [{{network: n, {mac}}}, {{network: m, {mac}}}]}}}}")
    assert end(state, "a", "eth0").mac == end(state, "a", "eth1").mac
