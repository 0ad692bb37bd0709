from __future__ import annotations

import subprocess
import sys
import time

from tests.resolver.given import addresses, by_address, end, found, resolved
from topo.lab import Attachment, Container, Lab, Network
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.file import File
from topo.objects.neighbour import Neighbour
from topo.objects.route import Route
from topo.objects.veth import Veth
from topo.resolver import resolve

DOCKER0 = "containers: {a: , b: }"


def test_a_whole_lab_in_one_line_is_dockers_first_bridge() -> None:
    state = resolved(DOCKER0)
    assert addresses(state, "a") == ["172.17.0.2/16"]
    assert addresses(state, "b") == ["172.17.0.3/16"]
    assert end(state, "a", "eth0").mac == "02:42:ac:11:00:02"
    assert found(state, "networks/default", Bridge).name == "default0"
    gateway = found(state, "networks/default/172.17.0.1/16", Address)
    assert (gateway.interface, gateway.broadcast) == ("default0", "172.17.255.255")
    route = found(state, "containers/a/routes/default", Route)
    assert (route.to, route.via, route.interface, route.metric) == ("0.0.0.0/0", "172.17.0.1", "eth0", 0)


def test_it_is_complete_and_in_the_order_of_the_document() -> None:
    assert list(by_address(resolved("containers: {a: }\n"))) == [
        "lab/fabric",
        "lab/lo",
        "lab/sysctls/net.ipv4.conf.all.arp_ignore",
        "lab/sysctls/net.ipv6.conf.all.accept_ra",
        "lab/sysctls/net.ipv6.conf.default.accept_ra",
        "lab/sysctls/net.ipv6.conf.default.addr_gen_mode",
        "lab/sysctls/net.ipv6.conf.default.disable_ipv6",
        "lab/firewall",
        "networks/default",
        "networks/default/172.17.0.1/16",
        "networks/default/neighbours/172.17.0.2",
        "containers/a",
        "containers/a/lo",
        "containers/a/eth0",
        "containers/a/eth0/neighbours/172.17.0.1",
        "containers/a/eth0/172.17.0.2/16",
        "containers/a/routes/default",
        "lab/hosts/default",
    ]


def test_a_container_is_plugged_into_the_bridge_of_its_network() -> None:
    state = resolved(DOCKER0)
    veth = found(state, "containers/a/eth0", Veth)
    bridge = found(state, "networks/default", Bridge)
    assert (veth.peer.namespace, veth.peer.name, veth.peer.master) == ("topo.t", "a.eth0", "default0")
    assert veth.peer.settings is None
    assert found(state, "containers/a/eth0/neighbours/172.17.0.1", Neighbour).mac == bridge.mac
    assert found(state, "networks/default/neighbours/172.17.0.2", Neighbour).mac == veth.end.mac


def test_the_name_of_the_lab_changes_no_address_and_no_mac() -> None:
    one, other = resolved(DOCKER0, name="one"), resolved(DOCKER0, name="other")
    assert list(by_address(one)) == list(by_address(other))
    assert end(one, "a", "eth0").mac == end(other, "a", "eth0").mac


def test_every_object_knows_the_place_that_asks_for_it() -> None:
    state = resolved("""\
        networks:
          front: {subnet: 10.0.0.0/24}
        containers:
          web:
            networks:
              - {network: front, address: 10.0.0.9}
            routes:
              - {to: 10.9.0.0/16, via: 10.0.0.1}
        """)
    places = {address: (where.line, where.column) for address, where in state.origins.items()}
    assert places["networks/front"] == (2, 3)
    assert places["containers/web"] == (4, 3)
    assert places["containers/web/eth0"] == (6, 9)
    assert places["containers/web/routes/10.9.0.0/16"] == (8, 9)


def test_a_container_on_the_host_is_a_name_and_nothing_more() -> None:
    state = resolved("containers: {h: {networks: [host]}}")
    mine = {address: thing for address, thing in by_address(state).items() if address.startswith("containers/")}
    assert list(mine) == ["containers/h/host"]
    assert isinstance(mine["containers/h/host"], File)


def test_a_container_on_no_network_has_a_namespace_and_lo() -> None:
    for text in ("containers: {n: {networks: [none]}}", "containers: {n: {networks: []}}"):
        mine = [address for address in by_address(resolved(text)) if address.startswith("containers/")]
        assert mine == ["containers/n", "containers/n/lo"]


def test_a_network_that_nobody_is_on_has_its_bridge() -> None:
    state = resolved("networks: {front: }\ncontainers: {n: {networks: [none]}}")
    assert found(state, "networks/front/172.17.0.1/16", Address).interface == "front"


def test_loopback_addresses_stand_on_lo() -> None:
    state = resolved("containers: {r: {networks: [none], loopback: [10.255.0.1, 10.255.1.1/24, 'fd00::1/128']}}")
    assert addresses(state, "r", "lo") == ["10.255.0.1/32", "10.255.1.1/24", "fd00::1/128"]


def test_the_options_of_a_bridge_reach_it() -> None:
    state = resolved("networks: {a: {stp: true, ageing_time: 30s, multicast_snooping: true, mtu: 9000}}")
    bridge = found(state, "networks/a", Bridge)
    assert (bridge.stp, bridge.ageing_time, bridge.multicast_snooping, bridge.mtu) == (True, 30, True, 9000)


def test_the_mtu_of_an_attachment_is_the_networks_unless_it_says_otherwise() -> None:
    state = resolved("""\
        networks: {a: {mtu: 9000}}
        containers: {x: {networks: [a]}, y: {networks: [{network: a, mtu: 1400}]}}
        """)
    assert {end(state, "x", "eth0").mtu, found(state, "containers/x/eth0", Veth).peer.mtu} == {9000}
    assert {end(state, "y", "eth0").mtu, found(state, "containers/y/eth0", Veth).peer.mtu} == {1400}


PROGRAM = """
import sys
from topo.document import loads
from topo.resolver import resolve
text = "networks: {v6: {subnet: 'fd00::/64'}}\\ncontainers: {a: , b: {networks: [v6, default], sysctls: {net.ipv4.tcp_ecn: 1}}}"
state = resolve(loads(text, name="t"))
print(*state.objects.values(), sep="\\n")
"""


def test_the_same_document_is_the_same_state_for_every_hash_seed() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True, text=True, check=True,
        )
        for seed in ("1", "2")
    ]  # fmt: skip
    assert runs[0].stdout == runs[1].stdout
    assert "fd00::2/64" in runs[0].stdout


def test_a_thousand_containers_take_less_than_a_quarter_of_a_second() -> None:
    networks = (Network("one", subnets=("10.0.0.0/16", "fd00::/64")),)
    names = [f"c{number}" for number in range(1000)]
    lab = Lab("t", networks, tuple(Container(name, (Attachment("one"),), path=("containers", name)) for name in names))
    times = []
    for _ in range(3):
        start = time.process_time()
        state = resolve(lab)
        times.append(time.process_time() - start)
    assert len(state.objects) > 9000
    assert min(times) < 0.25
