"""The document as resolved loads again, and gives the same state."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from topo.document import load, loads
from topo.objects import State
from topo.resolver import resolve
from topo.views import config
from topo.views.config import config_data, config_yaml
from topo.views.json_text import json_text

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.yaml"))

EVERYTHING = """
name: all
networks:
  front:
    {subnet: [10.0.0.0/24, "fd00::/64"], mtu: 9000, mac: "02:00:00:00:aa:01", ageing_time: 30s, stp: true,
    impair: [{from: web, to: wide, loss: 1%}]}
  back: {gateway: false, impair: [{between: [many, many], rate: 1mbit}]}
  side: {subnet: 10.5.0.0/24, gateway: 10.5.0.9}
containers:
  web:
    networks:
      - {network: front, interface: up0, aliases: [www, www.example]}
      - {network: side, address: 10.5.0.1, mac: "02:00:00:00:00:07", mtu: 1400}
      - {network: front, delay: 10ms, jitter: 2ms, distribution: normal, loss: 1%, duplicate: 1%, corrupt: 2%, reorder: 9%}
    hostname: web.example
    loopback: [10.255.0.1/32, "fd00:ffff::1/128"]
    sysctls: {net.ipv4.ip_forward: 1, net.ipv4.conf.up0.rp_filter: 2}
    extra_hosts: {a.example: 192.0.2.1, b.example: "2001:db8::1"}
    gateway_network: side
    routes:
      - {to: default, via: 10.0.0.7, metric: 50}
      - {to: 10.99.0.0/16, type: blackhole}
      - {to: 10.98.0.0/16, interface: up0}
  many: {replicas: 3, networks: [{network: back, aliases: [pool]}]}
  wide: {networks: [{network: front, delay: 10ms, rate: 1mbit, burst: 32kb}]}
  plain:
  linked:
  agent: {networks: [host]}
  quiet: {networks: [none]}
  empty: {networks: []}
links:
  - {endpoints: ["web:p0", "linked:p0"], subnet: [192.168.0.0/31, "fd00:2::/127"], mtu: 2000, rate: 1mbit, limit: 64kb, up: false}
  - {endpoints: ["web:p2", "linked:p2"], loss: {p: 1%, r: 10%, h: 30%}, forward: {rate: 10mbit, limit: 100}, reverse: {loss: 3%}}
  - {endpoints: ["web:p3", "linked:p3"], forward: {rate: 10mbit, burst: 32kb}}
  - endpoints:
      - {container: linked, interface: p1, address: 192.168.1.1/30, mac: "02:00:00:00:00:99"}
      - {container: web, interface: p1, address: 192.168.1.2/30}
"""


def same(one: State, other: State) -> None:
    assert dict(one.objects) == dict(other.objects)
    assert {key: thing.owner for key, thing in one.objects.items()} == {key: thing.owner for key, thing in other.objects.items()}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_loads_again_as_the_same_lab(example: Path) -> None:
    lab = load(example)
    same(resolve(loads(config_yaml(config_data(lab)))), resolve(lab))


def test_everything_that_a_file_can_say_is_said_again() -> None:
    lab = loads(EVERYTHING)
    same(resolve(loads(config_yaml(config_data(lab)))), resolve(lab))
    same(resolve(loads(json_text(config_data(lab)))), resolve(lab))


def test_the_document_of_the_document_is_the_document() -> None:
    once = config_yaml(config_data(loads(EVERYTHING)))
    assert config_yaml(config_data(loads(once))) == once


@pytest.mark.parametrize("gateway", ["", "gateway: 10.2.0.9", "gateway: [10.1.0.7, 10.2.0.9]"])
def test_two_subnets_of_one_family(gateway: str) -> None:
    network = f"{{subnet: [10.1.0.0/24, 10.2.0.0/24], {gateway}}}"
    lab = loads(f"containers: {{a: {{networks: [n]}}}}\nnetworks: {{n: {network}}}", "shop.yaml")
    same(resolve(loads(config_yaml(config_data(lab)))), resolve(lab))


def test_what_topo_decides_is_filled_in() -> None:
    data = config_data(loads("containers: {a: }", "shop.yaml"))
    assert data["name"] == "shop"
    assert data["networks"]["default"]["subnet"] == "172.17.0.0/16"
    assert data["networks"]["default"]["gateway"] == "172.17.0.1"
    assert data["containers"]["a"]["networks"] == [
        {"network": "default", "interface": "eth0", "address": "172.17.0.2", "mac": "02:42:ac:11:00:02", "mtu": 1500}
    ]


@pytest.mark.skipif(not hasattr(yaml, "CSafeDumper"), reason="this PyYAML has no libyaml")
@pytest.mark.parametrize("text", [EVERYTHING, *(path.read_text() for path in EXAMPLES)])
def test_both_dumpers_write_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = config_data(loads(text, "lab.yaml"))
    written = config_yaml(data)
    monkeypatch.setattr(config, "_DUMPER", yaml.SafeDumper)
    assert config_yaml(data) == written
