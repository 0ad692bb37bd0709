from __future__ import annotations

from tests.resolver.given import resolved, told


def test_several_containers_may_share_an_address_on_lo() -> None:
    resolved("containers: {a: {loopback: 10.9.0.1}, b: {loopback: 10.9.0.1}}")


def test_a_prefix_beside_the_networks_is_fine() -> None:
    resolved("networks: {n: {subnet: 10.0.0.0/24}}\ncontainers: {a: {networks: [n], loopback: [10.0.1.1/24, 10.0.0.9]}}")


def test_an_address_that_was_chosen_counts_too() -> None:
    text = "networks: {n: {subnet: 10.0.0.0/24}}\ncontainers: {a: {networks: [n]}, b: {networks: [], loopback: 10.0.0.2}}"
    assert told(text) == [("2:62", "address-twice")]
