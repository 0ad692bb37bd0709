from __future__ import annotations

from tests.resolver.given import warned


def test_an_mtu_below_its_networks() -> None:
    (words,) = warned("networks: {n: {mtu: 9000}}\ncontainers: {a: {networks: [{network: n, mtu: 1500}]}}")
    assert words.startswith("lab.yaml:2:47: a has an MTU of 1500 on network n, which has 9000")


def test_more_neighbours_than_the_kernel_has_places_for() -> None:
    text = "networks: {n: {subnet: 10.0.0.0/16, gateway: false}}\ncontainers: {a: {networks: [n], replicas: %d}}"
    assert warned(text % 512) == ()
    (words,) = warned(text % 513)
    assert "sysctl -w net.ipv4.neigh.default.gc_thresh3=2048 net.ipv6.neigh.default.gc_thresh3=2048" in words
