from __future__ import annotations

import pytest

from tests.resolver.given import addresses, by_address, errors, found, resolved, told
from topo.lab import Attachment, Container, Lab, Network
from topo.objects.address import Address
from topo.objects.route import Route
from topo.resolver import resolve


def subnets(text: str) -> dict[str, str]:
    """network -> the gateway's address on its bridge."""
    things = by_address(resolved(text)).values()
    return {
        thing.owner.partition("/")[2]: thing.ip
        for thing in things
        if isinstance(thing, Address) and thing.owner.startswith("networks/")
    }


def test_explicit_subnets_first_then_an_undeclared_default_then_the_document() -> None:
    text = """\
        networks: {b: , named: {subnet: 172.18.0.0/16}, a: }
        containers: {x: , y: {networks: [a, b, named]}}
        """
    wanted = {"default": "172.17.0.1/16", "named": "172.18.0.1/16", "b": "172.19.0.1/16", "a": "172.20.0.1/16"}
    assert subnets(text) == wanted


def test_a_declared_default_waits_its_turn() -> None:
    text = "networks: {a: , default: }\ncontainers: {x: }"
    assert subnets(text) == {"a": "172.17.0.1/16", "default": "172.18.0.1/16"}


def test_the_pools_follow_each_other() -> None:
    found = subnets("networks: {" + ", ".join(f"n{number}: " for number in range(33)) + "}")
    assert found["n14"] == "172.31.0.1/16"
    assert found["n15"] == "192.168.0.1/20"
    assert found["n30"] == "192.168.240.1/20"
    assert found["n31"] == "10.0.0.1/24"
    assert found["n32"] == "10.0.1.1/24"


def test_what_the_file_says_elsewhere_is_not_given_to_a_network() -> None:
    text = """\
        containers:
          a: {networks: [default], loopback: [172.18.0.9/32]}
          b: {networks: [default, other]}
        networks: {other: }
        links:
          - {endpoints: ["a:p0", "b:p0"], subnet: 172.17.5.0/30}
        """
    assert subnets(text) == {"default": "172.19.0.1/16", "other": "172.20.0.1/16"}


def test_static_addresses_first_then_the_lowest_free() -> None:
    state = resolved("""\
        networks: {n: {subnet: 10.0.0.0/24}}
        containers:
          a: {networks: [n]}
          b: {networks: [{network: n, address: 10.0.0.2}]}
          c: {networks: [n]}
        """)
    assert [addresses(state, name) for name in "abc"] == [["10.0.0.3/24"], ["10.0.0.2/24"], ["10.0.0.4/24"]]


def test_without_a_gateway_or_with_another_one_the_first_is_an_address_like_any_other() -> None:
    for gateway in ("false", "10.0.0.254"):
        state = resolved(f"networks: {{n: {{subnet: 10.0.0.0/24, gateway: {gateway}}}}}\ncontainers: {{a: {{networks: [n]}}}}")
        assert addresses(state, "a") == ["10.0.0.1/24"]
    assert found(state, "networks/n/10.0.0.254/24", Address)
    assert found(state, "containers/a/routes/default", Route).via == "10.0.0.254"


def test_without_a_gateway_the_bridge_has_no_address_and_knows_nobody() -> None:
    things = by_address(
        resolved("networks: {n: {subnet: [10.0.0.0/24, 'fd00::/64'], gateway: false}}\ncontainers: {a: {networks: [n]}}")
    )
    assert [address for address in things if address.startswith("networks/")] == ["networks/n"]
    assert not [address for address in things if "neighbours" in address or "routes" in address]


DUAL = """\
    networks: {n: {subnet: [10.0.0.0/24, "fd00::/64"]}}
    containers:
      a: {networks: [{network: n, address: %s}]}
      b: {networks: [n]}
    """


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("10.0.0.9", ["10.0.0.9/24", "fd00::2/64"]),
        ('"fd00::9"', ["10.0.0.2/24", "fd00::9/64"]),
        ('["fd00::9", 10.0.0.9]', ["10.0.0.9/24", "fd00::9/64"]),
    ],
)
def test_one_address_a_subnet_named_or_not(said: str, wanted: list[str]) -> None:
    assert addresses(resolved(DUAL % said), "a") == wanted


def test_ipv6_brings_a_link_local_address_made_from_the_mac() -> None:
    state = resolved(DUAL % "10.0.0.9")
    assert addresses(state, "b", all_of_them=True)[-1] == "fe80::42:aff:fe00:2/64"
    on_bridge = [address for address in by_address(state) if address.startswith("networks/n/fe80:")]
    assert len(on_bridge) == 1
    assert found(state, "containers/b/routes/::/0", Route).via == "fd00::1"


@pytest.mark.parametrize(
    ("subnet", "wanted"),
    [
        ("10.0.0.0/30", "10.0.0.2/30"),
        ("10.0.0.0/31", "10.0.0.1/31"),
        ('"fd00::/127"', "fd00::1/127"),
        ('"fd00::/126"', "fd00::2/126"),
    ],
)
def test_small_subnets(subnet: str, wanted: str) -> None:
    state = resolved(f"networks: {{n: {{subnet: {subnet}}}}}\ncontainers: {{a: {{networks: [n]}}}}")
    assert addresses(state, "a") == [wanted]
    broadcast = found(state, f"containers/a/eth0/{wanted}", Address).broadcast
    assert broadcast == ("10.0.0.3" if wanted.endswith("/30") else None)


def test_a_single_address_is_a_containers_when_there_is_no_gateway() -> None:
    state = resolved("networks: {n: {subnet: 10.0.0.7/32, gateway: false}}\ncontainers: {a: {networks: [n]}}")
    assert addresses(state, "a") == ["10.0.0.7/32"]


def test_overlapping_subnets_name_both_places() -> None:
    text = """\
        networks:
          a: {subnet: 10.0.0.0/25}
          b: {subnet: 10.0.0.0/24}
          c: {subnet: ["fd00::/64", 10.0.0.128/25]}
        containers: {x: {networks: [a]}, y: {networks: [a]}}
        links:
          - {endpoints: ["x:p0", "y:p0"], subnet: 10.0.0.4/31}
        """
    assert told(text) == [("3:15", "subnet-overlap"), ("4:29", "subnet-overlap"), ("7:43", "subnet-overlap")]
    assert "(lab.yaml:2:15)" in errors(text)[0].message
    assert errors(text)[1].path == "networks.c.subnet[1]"


@pytest.mark.parametrize("subnet", ["224.0.0.0/24", "127.1.0.0/16", "0.0.0.0/0", '"fe80::/64"', '"ff02::/64"', '"::/64"'])
def test_subnets_that_no_host_can_be_in(subnet: str) -> None:
    assert told(f"networks:\n  a:\n    subnet: {subnet}\n") == [("3:13", "subnet-reserved")]


ADDRESS = """\
networks:
  n: {subnet: 10.0.0.0/29}
containers:
  a: {networks: [{network: n, address: 10.0.0.4}]}
  b:
    networks:
      - network: n
        address: %s
"""


@pytest.mark.parametrize(
    ("address", "code", "words"),
    [
        ("10.0.1.2", "address-outside", "outside the subnet of network n, 10.0.0.0/29 (lab.yaml:2:15)"),
        ("10.0.0.4", "address-twice", "taken already (lab.yaml:4:40)"),
        ("10.0.0.1", "address-is-gateway", "is the gateway of network n"),
        ("10.0.0.0", "address-unusable", "the network address of 10.0.0.0/29"),
        ("10.0.0.7", "address-unusable", "the broadcast address of 10.0.0.0/29"),
        ('"fd00::2"', "address-outside", "network n has no IPv6 subnet"),
        ("[10.0.0.2, 10.0.0.3]", "address-second", "10.0.0.3 is a second address"),
    ],
)
def test_an_address_that_cannot_be(address: str, code: str, words: str) -> None:
    (error,) = errors(ADDRESS % address)
    assert (error.where and error.where.line, error.code) == (8, code)
    assert words in error.message
    assert error.hint


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_file() -> None:
    text = """\
        containers:
          a: {networks: [{network: n, address: 10.9.0.1}]}
          b: {networks: [{network: n, address: 10.0.0.1}]}
        networks:
          n: {subnet: 10.0.0.0/24}
          m: {subnet: 10.0.0.0/24}
        """
    assert [code for _, code in told(text)] == ["address-outside", "address-is-gateway", "subnet-overlap"]


def test_a_subnet_that_is_too_small_says_how_many_it_lacks() -> None:
    text = "networks:\n  n: {subnet: 10.0.0.0/29}\ncontainers:\n  a: {networks: [n], replicas: 9}\n"
    (error,) = errors(text)
    assert (str(error.where), error.code) == ("lab.yaml:2:15", "subnet-exhausted")
    assert "needs 9 more addresses, and it has 5 free" in error.message


@pytest.mark.parametrize(
    ("gateway", "code"), [("10.1.0.1", "gateway-outside"), ("10.0.0.0", "gateway-unusable"), ("10.0.0.255", "gateway-unusable")]
)
def test_a_gateway_that_cannot_be(gateway: str, code: str) -> None:
    assert told(f"networks:\n  n: {{subnet: 10.0.0.0/24, gateway: {gateway}}}\n") == [("2:37", code)]


def test_a_bridge_has_room_for_a_thousand() -> None:
    text = "networks:\n  n: {subnet: 10.0.0.0/16}\ncontainers:\n  a: {networks: [n], replicas: %d}\n"
    assert told(text % 1001) == [("2:3", "network-full")]
    assert len(resolved(text % 1000).objects) > 7000


@pytest.mark.parametrize("line", ["n: {subnet: 'fd00::/64', mtu: 1279}", "n: {subnet: 'fd00::/64'}"])
def test_ipv6_needs_an_mtu_of_1280(line: str) -> None:
    attachment = "{network: n, mtu: 1279}" if "mtu" not in line else "n"
    text = f"networks:\n  {line}\ncontainers:\n  a: {{networks: [{attachment}]}}\n"
    assert [code for _, code in told(text)] == ["mtu-ipv6"]


def test_a_lab_without_a_file_has_errors_without_a_place() -> None:
    networks = (Network("n", subnets=("10.0.0.0/24",)), Network("m", subnets=("10.0.0.0/24",)))
    with pytest.raises(
        Exception, match=r"networks\.m\.subnet: 10.0.0.0/24 overlaps 10.0.0.0/24 of network n \(networks\.n\.subnet\)"
    ):
        resolve(Lab("t", networks, (Container("a", (Attachment("n"),)),)))
