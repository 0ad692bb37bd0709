"""What a right file means."""

from __future__ import annotations

import pytest

from topo.document import loads
from topo.errors import DocumentErrors, UsageError, Where
from topo.lab import Attachment, Endpoint, Lab, Network, Route


def lab(text: str) -> Lab:
    return loads(text, "shop.yaml")


FULL = """
name: full
networks:
  front: {subnet: [10.0.0.0/24, "FD00:0::/64"], gateway: [10.0.0.9, fd00::9], mtu: 9000, mac: 02:00:00:00:00:AA,
          stp: true, ageing_time: 5m, multicast_snooping: false, x-note: mine}
  back: {gateway: false, driver: bridge, ageing_time: 30}
containers:
  web:
    networks: [front, {network: back, interface: db0, address: [10.1.0.9], mac: 02:00:00:00:00:01, mtu: 1400, aliases: www}]
    loopback: [10.255.0.1, fd01::1/64]
    hostname: web.example
    sysctls: {net.ipv4.ip_forward: 1, net.ipv4.ip_local_port_range: "1024\\t 65000"}
    routes:
      - {to: default, via: fd00::3, metric: 5}
      - {to: 10.9.0.1, interface: db0}
      - {to: 10.8.0.0/16, type: blackhole}
    extra_hosts: {db.example: 10.0.0.7}
    gateway_network: back
"""


def test_two_names_are_a_whole_lab() -> None:
    found = lab("containers: {a: , b: }")
    assert found.name == "shop"
    assert found.networks == (Network("default", declared=False),)
    assert [container.name for container in found.containers] == ["a", "b"]
    assert all(container.attachments[0].network == "default" for container in found.containers)


def test_every_key_reaches_the_lab() -> None:
    found = lab(FULL)
    front, back = found.networks
    assert found.name == "full"
    assert (front.subnets, front.gateway) == (("10.0.0.0/24", "fd00::/64"), ("10.0.0.9", "fd00::9"))
    assert (front.mtu, front.mac) == (9000, "02:00:00:00:00:aa")
    assert dict(front.options) == {"stp": True, "ageing_time": 300, "multicast_snooping": False}
    assert (back.gateway, dict(back.options)) == ((), {"ageing_time": 30})
    (web,) = found.containers
    path = ("containers", "web")
    first, second = web.attachments
    assert first == Attachment("front", path=(*path, "networks", 0))
    assert (second.interface, second.addresses, second.mac) == ("db0", ("10.1.0.9",), "02:00:00:00:00:01")
    assert (second.mtu, second.aliases) == (1400, ("www",))
    assert web.loopback == ("10.255.0.1/32", "fd01::1/64")
    assert web.hostname == "web.example"
    assert dict(web.sysctls) == {"net.ipv4.ip_forward": "1", "net.ipv4.ip_local_port_range": "1024 65000"}
    assert web.routes == (
        Route("::/0", via="fd00::3", metric=5, path=(*path, "routes", 0)),
        Route("10.9.0.1/32", interface="db0", path=(*path, "routes", 1)),
        Route("10.8.0.0/16", type="blackhole", path=(*path, "routes", 2)),
    )
    assert web.extra_hosts == (("db.example", "10.0.0.7"),)
    assert web.gateway_network == "back"


def test_composes_lists_are_understood() -> None:
    found = lab("containers: {a: {sysctls: [net.ipv4.ip_forward=1], extra_hosts: ['a:10.0.0.1', 'b=fd00::1', 'c:[fd00::2]']}}")
    assert dict(found.containers[0].sysctls) == {"net.ipv4.ip_forward": "1"}
    assert found.containers[0].extra_hosts == (("a", "10.0.0.1"), ("b", "fd00::1"), ("c", "fd00::2"))


def test_replicas_are_containers_of_their_own() -> None:
    found = lab("containers: {web: {replicas: 2}, one: {replicas: 1}}\nlinks: [{endpoints: ['web-2:p0', 'one:p0']}]")
    assert [container.name for container in found.containers] == ["web-1", "web-2", "one-1"]
    assert [len(container.attachments) for container in found.containers] == [1, 0, 0]
    assert {container.path for container in found.containers[:2]} == {("containers", "web")}
    assert [end.container for end in found.links[0].endpoints] == ["web-2", "one-1"]


def test_a_link_has_two_ends() -> None:
    found = lab(
        "containers: {a: , b: }\n"
        "links:\n"
        "  - endpoints: [a:p0, {container: b, interface: p1, address: 10.0.0.2/30, mac: 02:00:00:00:00:01}]\n"
        "    mtu: 1400\n"
        "  - {endpoints: [a:p1, b:p2], subnet: [192.168.0.0/31, 'fd00::/127']}\n"
    )
    first, second = found.links
    assert first.endpoints[0] == Endpoint("a", "p0", path=("links", 0, "endpoints", 0))
    assert first.endpoints[1].addresses == ("10.0.0.2/30",)
    assert first.mtu == 1400
    assert second.subnets == ("192.168.0.0/31", "fd00::/127")
    assert found.networks == ()
    assert all(container.attachments == () for container in found.containers)


def test_a_container_may_be_linked_to_itself() -> None:
    assert len(lab("containers: {a: }\nlinks: [{endpoints: ['a:p0', 'a:p1']}]").links) == 1


@pytest.mark.parametrize(
    ("written", "networks"), [("[]", []), ("[none]", ["none"]), ("[host]", ["host"]), ("[default]", ["default"])]
)
def test_the_networks_that_every_lab_has(written: str, networks: list[str]) -> None:
    found = lab(f"containers: {{a: {{networks: {written}}}}}")
    assert [attachment.network for attachment in found.containers[0].attachments] == networks
    assert [network.name for network in found.networks] == networks
    assert not any(network.declared for network in found.networks)


def test_an_implied_default_comes_first_and_a_declared_one_where_it_stands() -> None:
    assert [network.name for network in lab("networks: {z: }\ncontainers: {a: }").networks] == ["default", "z"]
    found = lab("networks: {z: , default: {subnet: 10.0.0.0/24}}\ncontainers: {a: }")
    assert [(network.name, network.declared) for network in found.networks] == [("z", True), ("default", True)]


def test_places_are_the_values_and_the_keys() -> None:
    found = lab("networks:\n  lan:\n    subnet: 10.0.0.0/24\ncontainers:\n  a:\n    networks: [lan, lan]\n")
    subnet = ("networks", "lan", "subnet")
    assert found.where(subnet) == Where("shop.yaml", 3, 13)
    assert found.where(subnet, key=True) == Where("shop.yaml", 3, 5)
    assert found.where((*subnet, 0)) == Where("shop.yaml", 3, 13)
    assert found.where(("containers", "a", "networks", 1)) == Where("shop.yaml", 6, 21)
    assert found.where(("containers", "a", "networks", 1, "address")) == Where("shop.yaml", 6, 21)


def test_the_same_text_is_the_same_lab_wherever_its_lines_are() -> None:
    assert lab("containers: {a: , b: }") == lab("# two of them\n\ncontainers:\n  a:\n  b: {}\n")


@pytest.mark.parametrize(
    ("file", "name"),
    [("lab.yaml", "lab"), ("dir/My_Lab 2.yaml", "my-lab-2"), ("shop/topo.yaml", "shop"), ("a.b.yml", "a-b")],
)
def test_a_lab_without_a_name_has_its_files(file: str, name: str) -> None:
    assert loads("containers: {a: }", file).name == name


def test_the_given_name_is_above_all() -> None:
    assert loads("name: one", "two.yaml", name="three").name == "three"
    assert loads("containers: {a: }", name="three").name == "three"
    with pytest.raises(UsageError) as caught:
        loads("name: one", name="Three!")
    assert caught.value.hint == "write three"


@pytest.mark.parametrize("name", ["host", "hostname", "hosts", "routes"])
def test_an_interface_is_not_called_as_another_part_of_a_container_in_a_plan(name: str) -> None:
    with pytest.raises(DocumentErrors, match="cannot be an interface"):
        lab(f"containers: {{a: {{networks: [{{network: default, interface: {name}}}]}}}}")


@pytest.mark.parametrize("name", ["neighbours", "sysctls", "host0"])
def test_others_may_be(name: str) -> None:
    assert lab(f"containers: {{a: {{networks: [{{network: default, interface: {name}}}]}}}}")
