"""Whatever is forged in a container of one network, nothing of another network hears of it or answers."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from topo.kernel.linux import namespaces, remove, sysctls
from topo.kernel.linux.codecs.firewall import CODEC
from topo.kernel.linux.place import Place
from topo.kernel.protocol import Operation
from topo.objects.firewall import Firewall
from topo.objects.sysctl import Sysctl
from topo.resolver.fabric import fabric_objects

pytestmark = pytest.mark.live

LAB, FABRIC = "apart", "topo.apart"
MAC = {"front": "02:00:00:00:01:01", "back": "02:00:00:00:02:01", "red": "02:00:00:00:01:02", "blue": "02:00:00:00:02:02"}
HOMES = {"red": ("front", 1, 2), "pink": ("front", 1, 3), "blue": ("back", 2, 2)}
"""container -> its network, that network's number, its own number there."""

_PATTERN = b"topotopo"


def ip(namespace: str, text: str) -> None:
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    command = ["ip", "-n", namespace, "-batch", "-"]
    done = subprocess.run(command, input=lines, text=True, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def fabric() -> Iterator[Place]:
    """Two networks, front with red and pink, back with blue, built by hand; no rules yet."""
    try:
        build()
        with Place(FABRIC, LAB, namespaces.open(FABRIC)) as place:
            yield place
    finally:
        assert remove.remove(LAB) == []


def build() -> None:
    namespaces.create(FABRIC)
    ip(FABRIC, "link set lo up")
    for name, number in (("front", 1), ("back", 2)):
        ip(
            FABRIC,
            f"""link add {name} address {MAC[name]} type bridge mcast_snooping 0
            address add 10.0.{number}.1/24 dev {name}
            address add fd00:{number}::1/64 dev {name} nodad
            link set {name} up""",
        )
    for name, (network, number, own) in HOMES.items():
        attach(name, network, number, own)


def attach(name: str, network: str, number: int, own: int) -> None:
    namespaces.create(inside(name))
    mac = f"address {MAC[name]}" if name in MAC else ""
    ip(FABRIC, f"link add {name} type veth peer name eth0 {mac} netns {inside(name)}\nlink set {name} master {network} up")
    ip(
        inside(name),
        f"""link set lo up
        address add 10.0.{number}.{own}/24 dev eth0
        address add fd00:{number}::{own}/64 dev eth0 nodad
        link set eth0 up
        route add default via 10.0.{number}.1
        route add default via fd00:{number}::1""",
    )


def inside(container: str) -> str:
    return f"{FABRIC}.{container}"


def protect(place: Place) -> None:
    """What the resolver asks for in every fabric."""
    for thing in fabric_objects(LAB):
        if isinstance(thing, Firewall):
            assert CODEC.perform is not None
            CODEC.perform(Operation(1, FABRIC, None, thing, (), "lab/firewall"), place)
        if isinstance(thing, Sysctl):
            with place.entered():
                sysctls.write(thing.name, thing.value)


def forward(place: Place, on: bool) -> None:
    with place.entered():
        for name in ("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"):
            sysctls.write(name, "1" if on else "0")


def forget_neighbours() -> None:
    """Warm caches hide rules that keep IPv6 neighbours from being found."""
    for name in (FABRIC, *map(inside, HOMES)):
        ip(name, "neigh flush all")


def answers(container: str, *targets: str, options: tuple[str, ...] = ()) -> set[str]:
    """Those that answer a ping. All are asked at once."""
    head = ["ip", "netns", "exec", inside(container), "ping", "-q", "-b", "-c2", "-i0.1", "-W0.4", "-p", _PATTERN[:4].hex()]
    asked = {
        target: subprocess.Popen([*head, *options, target], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for target in targets
    }
    return {target for target, process in asked.items() if process.wait() == 0}


class Ear:
    """Hears every frame at blue's door."""

    def __init__(self) -> None:
        with Place(inside("blue"), LAB, namespaces.open(inside("blue"))) as place, place.entered():
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self._socket.setblocking(False)

    def heard(self) -> int:
        """How many frames with the attacker's pattern came since the last time."""
        count = 0
        with suppress(BlockingIOError):
            while True:
                count += _PATTERN in self._socket.recv(65536)
        return count

    def close(self) -> None:
        self._socket.close()


GATEWAY = ("10.0.2.1", "fd00:2::1")
BLUE = ("10.0.2.2", "fd00:2::2")
ALL = (*GATEWAY, *BLUE, "10.0.2.255")

ON_LINK = """route replace 10.0.2.0/24 dev eth0
route replace fd00:2::/64 dev eth0"""


def forged(gateway: str, blue: str) -> str:
    pairs = [(address, gateway) for address in GATEWAY] + [(address, blue) for address in BLUE]
    return "\n".join(f"neigh replace {address} lladdr {MAC[mac]} nud permanent dev eth0" for address, mac in pairs)


SPOOFED = """address add 10.0.2.77/32 dev eth0
address add fd00:2::77/128 dev eth0 nodad"""

ATTACKS = {
    "by the default route": "",
    "by an on-link route": ON_LINK,
    "by an on-link route and the own gateway's MAC": f"{ON_LINK}\n{forged('front', 'front')}",
    "by an on-link route and the other's MACs": f"{ON_LINK}\n{forged('back', 'blue')}",
}


@pytest.mark.parametrize("forwarding", [False, True])
def test_nothing_of_another_network_answers(fabric: Place, forwarding: bool) -> None:
    protect(fabric)
    forward(fabric, forwarding)
    ear = Ear()
    for name, preparation in ATTACKS.items():
        ip(inside("red"), preparation)
        assert answers("red", *ALL) == set(), name
        assert ear.heard() == 0, name
    ear.close()


@pytest.mark.parametrize("forwarding", [False, True])
def test_a_forged_source_reaches_nobody(fabric: Place, forwarding: bool) -> None:
    """Neither the other network, nor by the way of an answer of the own gateway to a source on it."""
    protect(fabric)
    forward(fabric, forwarding)
    ear = Ear()
    ip(inside("red"), f"{SPOOFED}\n{ON_LINK}\n{forged('front', 'front')}")
    for source, gateway, *targets in (("10.0.2.77", "10.0.1.1", *ALL[::2]), ("fd00:2::77", "fd00:1::1", *ALL[1:4:2])):
        ip(inside("red"), f"neigh replace {gateway} lladdr {MAC['front']} nud permanent dev eth0")
        assert answers("red", gateway, *targets, options=("-I", source)) == set()
        assert ear.heard() == 0
    ip(inside("red"), "address add 10.0.2.2/32 dev eth0\naddress add fd00:2::2/128 dev eth0 nodad")
    for source, gateway in zip(BLUE, ("10.0.1.1", "fd00:1::1"), strict=True):
        answers("red", gateway, options=("-I", source))
        assert ear.heard() == 0
    ear.close()


def test_the_other_bridge_s_own_address_does_not_answer(fabric: Place) -> None:
    protect(fabric)
    other = "fe80::ff:fe00:201"  # made from the MAC of back
    ip(inside("red"), f"neigh replace {other} lladdr {MAC['front']} nud permanent dev eth0")
    assert answers("red", f"{other}%eth0") == set()


@pytest.mark.parametrize("forwarding", [False, True])
def test_the_own_network_answers_with_cold_caches(fabric: Place, forwarding: bool) -> None:
    protect(fabric)
    forward(fabric, forwarding)
    own = ("10.0.1.1", "fd00:1::1", "10.0.1.3", "fd00:1::3")
    for _ in range(2):
        forget_neighbours()
        assert answers("red", *own) == set(own)


def test_without_the_rules_the_attacks_do_reach_their_goal(fabric: Place, wait_for: Callable[..., object]) -> None:
    """Else the tests above would prove nothing."""
    forward(fabric, True)
    ear = Ear()
    wait_for(lambda: answers("red", *ALL) >= {*GATEWAY, *BLUE}, within=15)
    assert ear.heard() > 0
    ear.close()
