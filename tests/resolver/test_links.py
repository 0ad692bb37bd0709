from __future__ import annotations

import pytest

from tests.resolver.given import addresses, by_address, end, errors, found, resolved
from topo.objects import mark
from topo.objects.address import Address
from topo.objects.veth import Veth


def lab(*links: str) -> str:
    """A document with these links between z, a and m."""
    lines = "".join(f"  - {{{link}}}\n" for link in links)
    return f"containers: {{z: {{networks: []}}, a: {{networks: []}}, m: {{networks: []}}}}\nlinks:\n{lines}"


CABLE = 'endpoints: ["z:p0", "a:p0"]'


def test_the_first_endpoint_has_the_lower_address_whichever_name_sorts_first() -> None:
    state = resolved(lab(f"{CABLE}, subnet: 192.168.0.0/31"))
    veth = found(state, "containers/z/p0", Veth)
    assert (veth.end.namespace, veth.peer.namespace) == ("topo.t.a", "topo.t.z")
    assert (veth.first.namespace, mark.is_second(veth.end.mark)) == ("topo.t.z", True)
    assert addresses(state, "z", "p0") == ["192.168.0.0/31"]
    assert addresses(state, "a", "p0") == ["192.168.0.1/31"]
    assert found(state, "containers/z/p0/192.168.0.0/31", Address).broadcast is None


@pytest.mark.parametrize(
    ("subnet", "first", "second"),
    [
        ("10.0.0.0/30", ["10.0.0.1/30"], ["10.0.0.2/30"]),
        ('"fd00::/127"', ["fd00::/127"], ["fd00::1/127"]),
        ('["fd00::/64", 10.0.0.0/29]', ["fd00::1/64", "10.0.0.1/29"], ["fd00::2/64", "10.0.0.2/29"]),
    ],
)
def test_subnets_of_links(subnet: str, first: list[str], second: list[str]) -> None:
    state = resolved(lab(f"{CABLE}, subnet: {subnet}"))
    assert (addresses(state, "z", "p0"), addresses(state, "a", "p0")) == (first, second)


def test_ends_may_name_their_addresses() -> None:
    ends = "endpoints: [{container: z, interface: p0, address: 10.0.0.2}, 'a:p0'], subnet: 10.0.0.0/30"
    state = resolved(lab(ends))
    assert (addresses(state, "z", "p0"), addresses(state, "a", "p0")) == (["10.0.0.2/30"], ["10.0.0.1/30"])
    ends = "endpoints: [{container: z, interface: p0, address: [10.0.0.2/24, 'fd00::5/64']}, 'a:p0']"
    state = resolved(lab(ends))
    assert (addresses(state, "z", "p0"), addresses(state, "a", "p0")) == (["10.0.0.2/24", "fd00::5/64"], [])


def test_a_link_without_a_subnet_is_a_wire() -> None:
    state = resolved(lab(CABLE))
    assert addresses(state, "z", "p0", all_of_them=True) == []
    assert end(state, "z", "p0").mac != end(state, "a", "p0").mac


def test_a_link_with_ipv6_has_link_local_addresses() -> None:
    state = resolved(lab(f'{CABLE}, subnet: "fd00::/64"'))
    assert addresses(state, "z", "p0", all_of_them=True)[1].startswith("fe80::42:")


def test_parallel_links_have_marks_and_macs_of_their_own() -> None:
    state = resolved(lab(CABLE, 'endpoints: ["a:p1", "z:p1"]', 'endpoints: ["z:p2", "m:p2"]'))
    ends = [end(state, *place) for place in (("z", "p0"), ("z", "p1"), ("z", "p2"))]
    assert len({mark.common(each.mark) for each in ends}) == len({each.mac for each in ends}) == 3
    assert ends[0].mark == mark.of_link("a", "z", 0)
    assert ends[1].mark == mark.second(mark.of_link("a", "z", 1))


def test_a_link_within_one_container() -> None:
    state = resolved(lab('endpoints: ["a:p1", "a:p0"], subnet: 10.0.0.0/31'))
    veth = found(state, "containers/a/p1", Veth)
    assert (veth.end.name, veth.peer.name) == ("p1", "p0")
    assert veth.end.mac != veth.peer.mac
    assert addresses(state, "a", "p0") == ["10.0.0.1/31"]


def test_links_have_no_gateway_no_neighbours_and_no_default_route() -> None:
    names = by_address(resolved(lab(f"{CABLE}, subnet: 10.0.0.0/30")))
    assert not [name for name in names if "neighbours" in name or "routes" in name]


ENDS = "endpoints: [{container: z, interface: p0, address: %s}, {container: a, interface: p0, address: %s}], subnet: 10.0.0.0/29"


@pytest.mark.parametrize(
    ("first", "second", "code", "words"),
    [
        ("10.0.0.1", "10.0.0.1", "address-twice", "taken already (lab.yaml:3:57)"),
        ("10.0.0.1", "10.9.0.1", "address-outside", "outside the subnet of the link, 10.0.0.0/29"),
        ("10.0.0.1", "10.0.0.7", "address-unusable", "the broadcast address of 10.0.0.0/29"),
        ("10.0.0.1", "10.0.0.2/24", "address-prefix", "another prefix length than the link's subnet"),
    ],
)
def test_an_end_that_cannot_be(first: str, second: str, code: str, words: str) -> None:
    (error,) = errors(lab(ENDS % (first, second)))
    assert (error.where and error.where.line, error.code) == (3, code)
    assert words in error.message
    assert error.hint


def test_two_ends_with_one_mac() -> None:
    ends = ", ".join(f"{{container: {name}, interface: p0, mac: 02:00:00:00:00:01}}" for name in "za")
    assert [error.code for error in errors(lab(f"endpoints: [{ends}]"))] == ["mac-twice"]


def test_ipv6_needs_an_mtu_of_1280() -> None:
    assert [error.code for error in errors(lab(f'{CABLE}, subnet: "fd00::/64", mtu: 1000'))] == ["mtu-ipv6"]
