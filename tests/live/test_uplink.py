"""The way out: to the outside by NAT, to nothing of the host's, and nothing of it left."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.live.driving import Topo
from tests.live.killing import at
from tests.live.outside import forwards, outside, seen_by
from tests.live.points import POINTS
from tests.live.reading import inside, shell
from topo.objects.host import Outlet
from topo.objects.uplink import Uplink
from topo.resolver.uplinks import objects_of

__all__ = ["outside"]

pytestmark = pytest.mark.live

_SERVER = """
import socket
family, address = ({ipv6} and socket.AF_INET6 or socket.AF_INET), "{address}"
server = socket.create_server((address, 7), family=family)
print("ready", flush=True)
while True:
    client, whose = server.accept()
    client.sendall(whose[0].encode())
    client.close()
"""


def lab(**more: Any) -> dict[str, Any]:
    return {
        "networks": {"front": {"subnet": "10.0.0.0/24", "uplink": "nat"}, "back": {"subnet": "10.1.0.0/24"}, **more},
        "containers": {"web": {"networks": ["front"]}, "db": {"networks": ["back"]}},
    }


@contextmanager
def serving(address: str) -> Iterator[None]:
    """A server in the outside that says who it sees."""
    code = _SERVER.format(address=address, ipv6=":" in address)
    argv = ["ip", "netns", "exec", "outside", sys.executable, "-c", code]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            assert server.stdout.readline() == "ready\n"
            yield
        finally:
            server.kill()


def reaches(container: str, address: str, name: str = "t") -> bool:
    return not inside(container, f"ping -c1 -W1 {address}", name).returncode


def source(container: str, address: str) -> str:
    """The address that the outside sees a container's connection come from."""
    argv = ["ip", "netns", "exec", f"topo.t.{container}", sys.executable, "-c", seen_by(address)]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=5).stdout.strip()


@pytest.mark.vm
def test_by_the_hosts_address(topo: Topo, outside: str) -> None:
    topo.up(lab())
    topo.settled(lab())
    assert reaches("web", outside)
    with serving(outside):
        assert source("web", outside) == "192.0.2.1"
    assert not reaches("db", outside)
    topo.down()


def test_nothing_of_the_host_answers(topo: Topo, outside: str) -> None:
    topo.up(lab())
    (address,) = json.loads(shell("ip -j -4 address show topo-t"))[0]["addr_info"]
    for target in (address["local"], "192.0.2.1", "198.51.100.1"):
        assert not reaches("web", target)


def test_a_lab_does_not_reach_another(topo: Topo, outside: str) -> None:
    file = topo.write(lab())
    topo.ok("up", "--name", "x", file)
    topo.ok("up", "--name", "y", file)
    for name in "xy":
        assert reaches("web", outside, name)
        topo.ok("plan", "--check", "--name", name, file)
    other = json.loads(shell("ip -n topo.y -j -4 address show uplink"))[0]["addr_info"][0]["local"]
    assert not reaches("web", other, "x")
    shell(f"ip -n topo.x.web route add 10.0.0.0/24 via 10.0.0.1 metric 5; ip route add 10.9.0.0/24 via {other}")
    try:
        assert not reaches("web", "10.9.0.1", "x")
        topo.ok("down", "--name", "x")
        assert forwards("out0")
        assert reaches("web", outside, "y")
        topo.ok("down", "--name", "y")
    finally:
        shell("ip route delete 10.9.0.0/24 || true")
    assert not forwards("out0")


def test_what_the_host_forwards_itself_stays(topo: Topo, outside: str) -> None:
    shell("echo 1 > /proc/sys/net/ipv4/conf/out0/forwarding")
    topo.up(lab())
    assert reaches("web", outside)
    topo.down()
    assert forwards("out0")


def test_it_comes_and_goes_with_the_file(topo: Topo, outside: str) -> None:
    without = lab()
    del without["networks"]["front"]["uplink"]
    topo.up(without)
    assert not reaches("web", outside)
    topo.up(lab())
    topo.settled(lab())
    assert reaches("web", outside)
    topo.up(without)
    topo.settled(without)
    assert not reaches("web", outside)
    assert not forwards("out0")
    assert shell("ip link show topo-t 2>/dev/null || echo gone") == "gone\n"
    assert "topo-t" not in shell("nft list ruleset")


BY_HAND = {
    "a rule deleted": "nft flush chain inet topo-t input",
    "all rules deleted": "nft flush ruleset && nft add table inet foreign",
    "a rule added": "nft insert rule inet topo-t forward accept",
    "down": "ip link set topo-t down",
    "the fabric's end down": "ip -n topo.t link set uplink down",
    "without its address": "ip address flush dev topo-t",
    "another MTU": "ip link set topo-t mtu 1400",
    "another MAC": "ip link set topo-t address 02:00:00:00:00:77",
    "without the neighbour": "ip neighbour flush nud permanent dev topo-t",
    "no forwarding": "echo 0 > /proc/sys/net/ipv4/conf/topo-t/forwarding",
    "no forwarding outside": "echo 0 > /proc/sys/net/ipv4/conf/out0/forwarding",
    "no forwarding inside": "ip netns exec topo.t sysctl -qw net.ipv4.conf.uplink.forwarding=0",
    "renamed": "ip link set topo-t down && ip link set topo-t name topo-z && ip link set topo-z up",
    "deleted": "ip link delete topo-t",
    "no default route": "ip -n topo.t route delete default",
}


@pytest.mark.parametrize("what", BY_HAND)
def test_what_is_changed_by_hand_is_seen_and_repaired(topo: Topo, outside: str, what: str) -> None:
    rules = shell("nft list ruleset")
    topo.up(lab())
    shell(BY_HAND[what])
    try:
        assert not topo.plan(lab()).empty
        topo.up(lab())
        topo.settled(lab())
        assert reaches("web", outside)
        topo.down()
    finally:
        shell(f"nft flush ruleset; nft -f - <<'RULES'\n{rules}\nRULES")
    assert not forwards("out0")


def test_without_its_alias_it_is_made_whole(topo: Topo, outside: str) -> None:
    topo.up(lab())
    shell("ip link set topo-t alias ''; echo 0 > /proc/sys/net/ipv4/conf/out0/forwarding")
    assert not topo.plan(lab()).empty
    topo.up(lab())
    topo.settled(lab())
    assert reaches("web", outside)
    topo.down()
    assert not forwards("out0")


def test_a_taken_subnet_and_a_taken_name_are_left_alone(topo: Topo, outside: str) -> None:
    topo.up(lab())
    first = json.loads(shell("ip -j -4 address show topo-t"))[0]["addr_info"][0]["local"]
    topo.down()
    shell(f"ip link add topo-t type bridge mcast_snooping 0 && ip link set topo-t up && ip address add {first}/24 dev topo-t")
    try:
        topo.up(lab())
        topo.settled(lab())
        assert reaches("web", outside)
        topo.down()
        assert shell("ip -br link show topo-t")
    finally:
        shell("ip link delete topo-t")


def test_down_by_the_name_alone_when_the_rules_are_all_that_is_left(topo: Topo, outside: str) -> None:
    topo.up(lab())
    shell("ip link delete topo-t")
    topo.down()
    assert "topo-t" not in shell("nft list ruleset")


IPV6 = {"front": {"subnet": ["10.0.0.0/24", "fd00::/64"], "uplink": "nat"}}


@pytest.mark.vm
def test_ipv6_too(topo: Topo, outside: str) -> None:
    said = topo.up(lab(**IPV6)).err
    single = Path("/proc/sys/net/ipv6/conf/out0/force_forwarding").exists()
    if not single:  # before Linux 6.17 the host forwards on all interfaces or on none: the user is told, and does it
        assert "sysctl -w net.ipv6.conf.all.forwarding=1" in said
        shell("sysctl -qw net.ipv6.conf.all.forwarding=1")
    topo.settled(lab(**IPV6))
    assert reaches("web", outside)
    assert reaches("web", "2001:db8::2")
    with serving("2001:db8::2"):
        assert source("web", "2001:db8::2") == "2001:db8::1"
    assert not reaches("web", "2001:db8::1")
    topo.up(lab())
    topo.settled(lab())
    assert reaches("web", outside)
    topo.down()
    if not single:
        shell("sysctl -qw net.ipv6.conf.all.forwarding=0")


def test_routed(topo: Topo, outside: str) -> None:
    """With its own addresses, and others come in; beside it a network that does not let in anybody."""
    file = lab(front={"subnet": "10.0.0.0/24", "uplink": "routed"}, back={"subnet": "10.1.0.0/24", "uplink": "nat"})
    shell("ip -n outside route add 10.0.0.0/15 via 192.0.2.1")
    topo.up(file)
    topo.settled(file)
    with serving(outside):
        assert source("web", outside) == "10.0.0.2"
        assert source("db", outside) == "192.0.2.1"
    assert not subprocess.run(["ip", "netns", "exec", "outside", "ping", "-c1", "-W1", "10.0.0.2"], check=False).returncode
    assert subprocess.run(["ip", "netns", "exec", "outside", "ping", "-c1", "-W1", "10.1.0.2"], check=False).returncode
    assert not reaches("db", "10.0.0.2")
    topo.up(lab())
    topo.settled(lab())
    assert "10.0.0.0/24" not in shell("ip route")


def test_a_chain_that_drops_is_named(topo: Topo) -> None:
    """The canary has one."""
    file = lab(front={"subnet": "10.0.0.0/24", "uplink": {"mode": "nat", "open_forward": False}})
    said = topo.ok("plan", topo.write(file))
    assert "chain inet foreign forward drops what is forwarded" in said.err
    topo.down() if topo.run("up", topo.write(file)).code == 6 else pytest.fail("it gets out")


def test_two_that_come_up_at_once_choose_different_subnets(topo: Topo, outside: str) -> None:
    """Of names whose first choice is the same one."""
    firsts: dict[str, str] = {}
    for name in (f"x{number}" for number in count()):
        address = next(thing.addresses[0] for thing in objects_of(Outlet(name, "uplink", 1500)) if isinstance(thing, Uplink))
        if address in firsts:
            break
        firsts[address] = name
    pair = firsts[address], name
    file = topo.write(lab())
    for _ in range(3):
        started = [topo.start("up", "--name", one, file) for one in pair]
        for process in started:
            assert process.communicate(timeout=30)
            assert process.returncode == 0
        chosen = {json.loads(shell(f"ip -j -4 address show topo-{one}"))[0]["addr_info"][0]["local"] for one in pair}
        assert len(chosen) == 2
        for one in pair:
            assert reaches("web", outside, one)
            topo.ok("down", "--name", one)


def test_a_saved_plan_whose_subnet_is_taken_by_now_is_not_done(topo: Topo, outside: str) -> None:
    topo.ok("plan", "-o", "plan.json", topo.write(lab()))
    (change,) = (one for one in json.loads((topo.folder / "plan.json").read_text())["changes"] if one["kind"] == "uplink")
    shell(f"ip address add {change['after']['addresses'][0]} dev out0")
    done = topo.run("up", "--plan", "plan.json")
    assert done.code == 1
    assert "is in use on the host by now" in done.err
    assert "topo-t" not in shell("nft list ruleset; ip link")
    topo.up(lab())
    topo.settled(lab())


def test_names_are_asked_of_the_hosts_servers(topo: Topo, outside: str, tmp_path: Path) -> None:
    (tmp_path / "resolv.conf").write_text(f"nameserver {outside}\n")
    shell(f"mount -n --bind {tmp_path}/resolv.conf /etc/resolv.conf")
    try:
        topo.up(lab())
        assert topo.ok("exec", "--name", "t", "web", "--", "cat", "/etc/resolv.conf").out == f"nameserver {outside}\n"
        assert outside not in topo.ok("exec", "--name", "t", "db", "--", "cat", "/etc/resolv.conf").out
    finally:
        shell("umount -n /etc/resolv.conf")


def test_a_server_for_names_on_the_host_itself_is_asked(topo: Topo, outside: str, tmp_path: Path) -> None:
    """It, and nothing else there."""
    (tmp_path / "resolv.conf").write_text("nameserver 192.0.2.1\n")
    shell(f"mount -n --bind {tmp_path}/resolv.conf /etc/resolv.conf")
    code = "import socket,sys; s=socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('192.0.2.1', int(sys.argv[1])))\n"
    code += "print('ready', flush=True)\nwhile True: data, whose = s.recvfrom(99); s.sendto(data, whose)"
    servers = [subprocess.Popen([sys.executable, "-c", code, port], stdout=subprocess.PIPE, text=True) for port in ("53", "54")]
    try:
        for server in servers:
            assert server.stdout
            assert server.stdout.readline() == "ready\n"
        topo.up(lab())
        topo.settled(lab())
        assert asks("web", 53)
        assert not asks("web", 54)
        assert not reaches("web", "192.0.2.1")
        topo.down()
    finally:
        for server in servers:
            server.kill()
            server.communicate()
        shell("umount -n /etc/resolv.conf")


def asks(container: str, port: int) -> bool:
    code = "import socket,sys; s=socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(1)\n"
    code += f"s.sendto(b'x', ('192.0.2.1', {port})); sys.exit(s.recv(9) != b'x')"
    argv = ["ip", "netns", "exec", f"topo.t.{container}", sys.executable, "-c", code]
    return not subprocess.run(argv, check=False, capture_output=True).returncode


def killable() -> dict[str, Any]:
    return {"networks": {"n": {"subnet": "10.0.0.0/24", "uplink": "nat"}}, "containers": {"web": {"networks": ["n"]}}}


@pytest.mark.parametrize("point", POINTS)
def test_killed_on_the_way(topo: Topo, outside: str, point: str) -> None:
    """Before every fifth message or file of `up`, and before each of `down`: what is left is found."""
    file = topo.write(killable())
    for number in count(1, 5):
        if not at(topo, point, number, "up", file):
            break
        if number % 2:
            topo.up(killable())
            topo.settled(killable())
            assert reaches("web", outside)
        _gone(topo)
    _gone(topo)
    for number in count(1, 2):
        topo.up(killable())
        if not at(topo, point, number, "down", "--name", "t"):
            break
        _gone(topo)


def _gone(topo: Topo) -> None:
    topo.run("down", "--name", "t", "--timeout", "1")
    assert not forwards("out0")
    assert "topo-t" not in shell("nft list ruleset; ip link")
