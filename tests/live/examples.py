"""Name of an example -> what must hold in its lab while it is up, beside what topo itself says."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.live.driving import ROOT, Topo
from tests.live.reading import addresses, inside, ip, links, namespaces, routes, shell

Check = Callable[[Topo], None]

CHECKS: dict[str, Check] = {}
"""One for each file of examples/, by its name without .yaml. The lab is called `t`."""


def check(one: Check) -> Check:
    CHECKS[one.__name__] = one
    return one


def text(example: str) -> str:
    return (ROOT / "examples" / f"{example}.yaml").read_text()


def hops(container: str, address: str, more: str = "") -> int | None:
    """How many routers an answer comes by; None without an answer. Two are sent: a neighbour may be asked for in vain, when tests
    that run now have filled the table that all namespaces share."""
    done = inside(container, f"ping -c2 -i0.3 -W2 {more} {address}")
    ttl = re.search(r" ttl=(\d+) ", done.stdout)
    return 64 - int(ttl[1]) if ttl else None


def reaches(container: str, *ips: str) -> None:
    """By the shortest way: who answers is on a network of the container's."""
    assert {address: hops(container, address) for address in ips} == dict.fromkeys(ips, 0), container


def apart(container: str, *ips: str) -> None:
    answering = [address for address in ips if not inside(container, f"ping -c1 -W0.3 {address}").returncode]
    assert not answering, f"{container} reaches {answering}"


def named(topo: Topo, container: str, name: str, address: str) -> None:
    """A name has this address in a container, and somebody answers there."""
    done = topo.run("exec", "--name", "t", container, "--", "ping", "-n", "-c3", "-i0.3", "-W2", name)
    assert f"({address})" in done.out or f" {address} " in done.out, done
    assert done.code == 0, done


def way(container: str, address: str) -> str:
    """The interface that a packet leaves by, as the kernel's own look-up says."""
    (found,) = ip(f"topo.t.{container}", f"route get {address}")
    return str(found["dev"])


def macs(*containers: str) -> set[str]:
    return {links(f"topo.t.{container}")["eth0"]["address"] for container in containers}


def serves(container: str, inner: int, *where: tuple[str, int]) -> None:
    """A TCP server in a container, and who is asked for it on the host."""
    code = f"""if True:
        import socket
        with socket.create_server(("", {inner})) as server:
            print("ready", flush=True)
            while True:
                server.accept()[0].sendall(b"hello")"""
    argv = ["ip", "netns", "exec", f"topo.t.{container}", sys.executable, "-c", code]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            assert server.stdout.readline() == "ready\n"
            for place in where:
                with socket.create_connection(place, 5) as client:
                    assert client.recv(9) == b"hello", place
        finally:
            server.kill()


def masters() -> dict[str, str]:
    """port -> bridge."""
    return {name: link["master"] for name, link in links("topo.t").items() if "master" in link}


@check
def docker0(topo: Topo) -> None:
    reaches("a", "172.17.0.3", "172.17.0.1")
    reaches("b", "172.17.0.2", "172.17.0.1")
    named(topo, "a", "b", "172.17.0.3")
    assert macs("a", "b") == {"02:42:ac:11:00:02", "02:42:ac:11:00:03"}
    assert masters() == {"a.eth0": "default0", "b.eth0": "default0"}
    assert routes("topo.t.a") == {"default 172.17.0.1 eth0", "172.17.0.0/16 eth0"}
    assert len({*namespaces().values(), os.stat("/proc/self/ns/net").st_ino}) == 4


@check
def isolated(topo: Topo) -> None:
    reaches("client", "10.0.0.2", "10.0.0.1")
    reaches("db", "10.1.0.1")
    apart("client", "10.1.0.2", "10.1.0.1")
    apart("db", "10.0.0.2", "10.0.0.1")
    assert masters() == {"web.eth0": "front", "client.eth0": "front", "db.eth0": "back"}
    # Nor does a way of its own help: the gateway is asked, and drops.
    shell("ip -n topo.t.client route replace 10.1.0.0/24 via 10.0.0.1")
    apart("client", "10.1.0.2")


@check
def both(topo: Topo) -> None:
    reaches("proxy", "10.0.0.2", "10.1.0.3", "10.0.0.1", "10.1.0.1")
    named(topo, "proxy", "database", "10.1.0.3")
    assert (way("proxy", "198.51.100.1"), way("proxy", "10.1.0.3")) == ("eth0", "eth1")
    apart("client", "10.1.0.3", "10.1.0.2")
    shell("ip -n topo.t.client route add 10.1.0.0/24 via 10.0.0.3; ip -n topo.t.db route add 10.0.0.0/24 via 10.1.0.2")
    apart("client", "10.1.0.3")


@check
def router(topo: Topo) -> None:
    assert hops("client", "10.1.0.2") == 1
    assert hops("db", "10.0.0.2") == 1
    (found,) = ip("topo.t.client", "route get 10.1.0.2")
    assert found["gateway"] == "10.0.0.3"
    shell("ip netns exec topo.t.router sysctl -qw net.ipv4.ip_forward=0")
    apart("client", "10.1.0.2")
    assert topo.plan(text("router")).changes["containers/router/sysctls/net.ipv4.ip_forward"] == "update"
    topo.up(text("router"))
    assert hops("client", "10.1.0.2") == 1


@check
def static(topo: Topo) -> None:
    assert addresses("topo.t.server", "lan0") == {"192.168.10.10/24"}
    assert addresses("topo.t.laptop", "eth0") == {"192.168.10.1/24"}
    lan0 = links("topo.t.server")["lan0"]
    assert (lan0["address"], lan0["mtu"]) == ("02:00:00:00:00:0a", 9000)
    assert "default 192.168.10.254 eth0" in routes("topo.t.laptop")
    reaches("laptop", "192.168.10.10", "192.168.10.254")
    assert hops("laptop", "192.168.10.10", "-M do -s 8972") == 0
    assert hops("laptop", "192.168.10.10", "-M do -s 8973") is None
    named(topo, "laptop", "www", "192.168.10.10")
    assert topo.ok("exec", "--name", "t", "server", "--", "hostname").out == "server.example\n"
    assert "203.0.113.7" in topo.ok("exec", "--name", "t", "server", "--", "getent", "hosts", "outside.example").out


@check
def host(topo: Topo) -> None:
    argv = ("readlink", "/proc/self/ns/net")
    assert topo.ok("exec", "--name", "t", "agent", "--", *argv).out == shell("readlink /proc/self/ns/net")
    assert topo.ok("exec", "--name", "t", "app", "--", *argv).out != shell("readlink /proc/self/ns/net")
    assert set(namespaces()) == {"topo.t", "topo.t.app"}
    reaches("app", "172.17.0.1")


@check
def none(topo: Topo) -> None:
    for container in ("quiet", "empty"):
        assert list(links(f"topo.t.{container}")) == ["lo"]
        assert not routes(f"topo.t.{container}")
        reaches(container, "127.0.0.1")
        apart(container, "172.17.0.1", "172.17.0.2")
    reaches("app", "172.17.0.1")


@check
def macvlan(topo: Topo) -> None:
    _on_the_lan("macvlan")
    assert len({*macs("web", "db"), _parent()}) == 3


@check
def ipvlan(topo: Topo) -> None:
    _on_the_lan("ipvlan")
    assert macs("web", "db") == {_parent()}


def _parent() -> str:
    (eth1,) = json.loads(shell("ip -j link show eth1"))
    return str(eth1["address"])


def _on_the_lan(kind: str) -> None:
    reaches("web", "192.0.2.11", "192.0.2.1")
    reaches("db", "192.0.2.10", "192.0.2.1")
    shell("ip netns exec outside ping -c1 -W1 192.0.2.10")
    assert links("topo.t.web")["eth0"]["linkinfo"]["info_kind"] == kind
    assert routes("topo.t.web") == {"default 192.0.2.1 eth0", "192.0.2.0/24 eth0"}
    assert not masters()
    shell("ip address add 192.0.2.9/24 dev eth1")
    try:
        apart("web", "192.0.2.9")
    finally:
        shell("ip address del 192.0.2.9/24 dev eth1")


@check
def vlans(topo: Topo) -> None:
    office, printer, phone = (next(iter(addresses(f"topo.t.{name}", "eth0"))) for name in ("office", "printer", "phone"))
    reaches("office", printer.split("/")[0])
    apart("office", phone.split("/")[0])
    for vlan, address in (10, office), (20, phone):
        untagged = address.split("/")[0]
        apart("router", untagged)
        shell(f"ip -n topo.t.router link add link eth0 name eth0.{vlan} type vlan id {vlan}")
        shell(f"ip -n topo.t.router link set eth0.{vlan} up")
        shell(f"ip -n topo.t.router route add {untagged}/32 dev eth0.{vlan} src 10.0.0.4")
        reaches("router", untagged)
    assert masters() == dict.fromkeys(("office.eth0", "printer.eth0", "phone.eth0", "router.eth0"), "floor")


@check
def triangle(topo: Topo) -> None:
    for here in "123":
        for there in {"1", "2", "3"} - {here}:
            assert way(f"r{here}", f"10.255.0.{there}") == f"to-r{there}"
            assert hops(f"r{here}", f"10.255.0.{there}", f"-I 10.255.0.{here}") == 0
    rates = {item["dev"]: item for item in _qdiscs("r1")}
    assert [rates[name]["options"]["rate"] for name in ("to-r2", "to-r3")] == [100_000_000 // 8, 1_000_000 // 8]
    assert list(links("topo.t")) == ["lo"]
    pulled = text("triangle").replace("rate: 1mbit}", "rate: 1mbit, up: false}")
    topo.up(pulled)
    topo.settled(pulled)
    assert way("r1", "10.255.0.3") == "to-r2"
    assert hops("r1", "10.255.0.3", "-I 10.255.0.1") == 1
    topo.up(text("triangle"))
    assert hops("r1", "10.255.0.3", "-I 10.255.0.1") == 0


def _qdiscs(container: str) -> list[dict[str, object]]:
    return [item for item in json.loads(shell(f"tc -n topo.t.{container} -j qdisc show")) if item.get("root")]


def _shortest(container: str, address: str) -> float:
    """Of nine pings the one that came back first, in ms: some may be lost, or find a busy machine."""
    done = inside(container, f"ping -i0.1 -c9 -W3 {address}")
    (took,) = re.findall(r" = ([\d.]+)/", done.stdout)
    return float(took)


@check
def impaired(topo: Topo) -> None:
    assert 15 < _shortest("office", "10.0.1.1") < 200
    assert 540 <= _shortest("hq", "10.0.2.1") < 1000
    assert links("topo.t.office")["spare"]["operstate"] == "DOWN"
    apart("office", "10.0.3.1")
    assert {item["dev"]: item["kind"] for item in _qdiscs("hq")} == {
        "lo": "noqueue",
        "eth0": "tbf",
        "wan": "netem",
        "sat": "netem",
    }


@check
def outside(topo: Topo) -> None:
    # The outside knows no way to 10.0.0.0/24, so an answer means that it saw an address of the host's.
    assert shell("ip -n outside route") == "192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.2 \n"
    assert hops("web", "192.0.2.2") == 2
    apart("web", "192.0.2.1")
    apart("db", "192.0.2.2", "192.0.2.1", "10.0.0.2")
    reaches("web", "10.1.0.3")
    serves("web", 80, ("127.0.0.1", 8080), ("::1", 8080))
    shell("ip -n outside route add 10.0.0.0/24 via 192.0.2.1")
    done = shell("ip netns exec outside ping -c1 -W0.3 10.0.0.2 || true")
    assert "0 received" in done


@check
def ipv6(topo: Topo) -> None:
    reaches("a", "fd00:66::b", "fd00:66::1")
    reaches("b", "fd00:66::2")
    named(topo, "a", "b", "fd00:66::b")
    for container in "ab":
        assert not [address for address in addresses(f"topo.t.{container}", "eth0") if "." in address]
    assert not routes("topo.t.a")
    assert "default fd00:66::1 eth0" in routes("topo.t.a", "-6")


@check
def dual(topo: Topo) -> None:
    reaches("a", "10.6.0.66", "fd00:6::b", "10.6.0.1", "fd00:6::1")
    reaches("b", "10.6.0.2", "fd00:6::2")
    for family, address in ("-4", "10.6.0.66"), ("-6", "fd00:6::b"):
        assert address in topo.ok("exec", "--name", "t", "a", "--", "ping", "-n", family, "-c1", "b").out


@check
def replicas(topo: Topo) -> None:
    webs = [f"web-{number}" for number in range(1, 201)]
    assert set(namespaces()) == {"topo.t", "topo.t.client", *(f"topo.t.{name}" for name in webs)}
    named(topo, "client", "web-1", "172.17.0.2")
    named(topo, "client", "web-200", "172.17.0.201")
    named(topo, "client", "web", "172.17.0.2")
    reaches("web-1", "172.17.0.201", "172.17.0.202")
    found = links("topo.t")
    assert len({link["address"] for link in found.values()}) == len(found) == 203
    assert len(macs("client", *webs[::20])) == 11
    assert set(masters().values()) == {"default0"}


@check
def published(topo: Topo) -> None:
    serves("web", 80, ("127.0.0.1", 8080), ("::1", 8080))
    serves("web", 3002, ("127.0.0.1", 3002))
    serves("dns", 53, ("127.0.0.1", 5353), ("192.0.2.1", 5353))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("192.0.2.1", 8080), 5)
    assert set(masters().values()) == {"front"}


@check
def mesh(topo: Topo) -> None:
    stations = list(namespaces().keys() - {"topo.t"})
    ips = {name: next(one.split("/")[0] for one in addresses(name, "eth0") if "." in one) for name in stations}
    assert len(stations) == 6
    for one in stations:
        reaches(one.removeprefix("topo.t."), *(ip for name, ip in ips.items() if name != one))
    assert len(macs(*(name.removeprefix("topo.t.") for name in stations))) == 6


def _host_bridge(topo: Topo) -> None:
    reaches("web", "192.0.2.11", "192.0.2.1")
    shell("ip netns exec outside ping -c1 -W1 192.0.2.10")
    assert len(macs("web", "db")) == 2


CHECKS["host-bridge"] = _host_bridge
