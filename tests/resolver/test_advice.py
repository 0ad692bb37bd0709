from __future__ import annotations

from tests.resolver.given import warned


def test_an_mtu_below_its_networks() -> None:
    (words,) = warned("networks: {n: {mtu: 9000}}\ncontainers: {a: {networks: [{network: n, mtu: 1500}]}}")
    assert words.startswith("lab.yaml:2:47: a has an MTU of 1500 on network n, which has 9000")


def test_an_mtu_above_its_networks() -> None:
    (words,) = warned("networks: {n: {mtu: 1400}}\ncontainers: {a: {networks: [{network: n, mtu: 1500}]}}")
    assert words.endswith("a has an MTU of 1500 on network n, which has 1400: larger packets from it are lost")


def test_ends_of_a_link_that_share_no_subnet() -> None:
    text = """containers: {a: , b: }
links:
  - endpoints:
      - {container: a, interface: p0, address: [%s]}
      - {container: b, interface: p0, address: [%s]}
"""
    assert warned(text % ("10.0.0.1/24", "10.0.0.2/24")) == ()
    assert warned(text % ("10.0.0.1/24", '"fd00::1/64"')) == ()
    (words,) = warned(text % ("10.0.0.1/24", "10.0.1.2/24"))
    assert words.startswith("lab.yaml:3:5: the ends of the link, a:p0 and b:p0, share no subnet (10.0.0.0/24 and 10.0.1.0/24)")


def test_more_neighbours_than_the_kernel_has_places_for() -> None:
    text = "networks: {n: {subnet: 10.0.0.0/16, gateway: false}}\ncontainers: {a: {networks: [n], replicas: %d}}"
    assert warned(text % 512) == ()
    (words,) = warned(text % 513)
    assert "sysctl -w net.ipv4.neigh.default.gc_thresh3=2048 net.ipv6.neigh.default.gc_thresh3=2048" in words
