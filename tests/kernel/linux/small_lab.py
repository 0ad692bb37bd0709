"""A small lab, written by hand: two containers on a bridge, a cable between them, IPv4 and IPv6."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from itertools import count, groupby
from typing import Any

from topo.kernel.protocol import Kernel, Operation, Scope
from topo.objects import KINDS, Key, Object, mark
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.loopback import Loopback
from topo.objects.namespace import Namespace, fabric_of, namespace_of
from topo.objects.neighbour import Neighbour
from topo.objects.route import IPV6_METRIC, Route
from topo.objects.veth import End, Veth

LAB = "small"
FABRIC = fabric_of(LAB)
WEB, DB = namespace_of(LAB, "web"), namespace_of(LAB, "db")
GATEWAY_MAC = "02:42:00:00:00:01"
NET = "networks/front"

Pairs = Iterable[tuple[Object | None, Object | None]]


def lab() -> list[Object]:
    """All of it, in an order in which it can be made."""
    return [*fabric(), *container("web", 2), *container("db", 3), *cable()]


def fabric() -> list[Object]:
    return [
        Namespace(name=FABRIC),
        Loopback(namespace=FABRIC),
        Bridge(namespace=FABRIC, owner=NET, name="front", mark=mark.of_network("front"), mac=GATEWAY_MAC),
        Address(namespace=FABRIC, owner=NET, interface="front", ip="172.17.0.1/16", broadcast="172.17.255.255"),
        Address(namespace=FABRIC, owner=NET, interface="front", ip="fd00::1/64"),
    ]


def container(name: str, number: int) -> list[Object]:
    here, owner = namespace_of(LAB, name), f"containers/{name}"
    mac = f"02:42:ac:11:00:{number:02x}"
    end = End(namespace=here, name="eth0", mark=mark.of_attachment("front", 0), mac=mac)
    port = End(
        namespace=FABRIC,
        name=f"{name}.eth0",
        mark=mark.of_lab(LAB),
        mac=f"02:00:00:00:00:{number:02x}",
        master="front",
        settings=None,
    )
    on = f"{owner}/eth0"
    return [
        Namespace(name=here, owner=owner),
        Loopback(namespace=here, owner=owner),
        Veth(namespace=here, owner=owner, end=end, peer=port),
        Address(namespace=here, owner=on, interface="eth0", ip=f"172.17.0.{number}/16", broadcast="172.17.255.255"),
        Address(namespace=here, owner=on, interface="eth0", ip=f"fd00::{number}/64"),
        Address(namespace=here, owner=on, interface="eth0", ip=f"fe80::42:acff:fe11:{number}/64"),
        Route(namespace=here, owner=owner, to="0.0.0.0/0", via="172.17.0.1", interface="eth0"),
        Route(namespace=here, owner=owner, to="::/0", via="fd00::1", interface="eth0", metric=IPV6_METRIC),
        Neighbour(namespace=here, owner=owner, interface="eth0", ip="172.17.0.1", mac=GATEWAY_MAC),
        Neighbour(namespace=FABRIC, owner=NET, interface="front", ip=f"172.17.0.{number}", mac=mac),
    ]


def cable() -> list[Object]:
    """A link of which the document names `web` first, and `db` sorts first."""
    first = mark.of_link("web", "db", 0)
    db = End(namespace=DB, name="p0", mark=mark.second(first), mac="02:42:00:00:01:02", mtu=9000)
    web = End(namespace=WEB, name="p0", mark=first, mac="02:42:00:00:01:01", mtu=9000)
    return [
        Veth(namespace=DB, owner="containers/web", end=db, peer=web),
        Address(namespace=WEB, owner="containers/web/p0", interface="p0", ip="192.168.0.0/31"),
        Address(namespace=DB, owner="containers/db/p0", interface="p0", ip="192.168.0.1/31"),
        Route(namespace=WEB, owner="containers/web", to="10.9.0.0/24", type="blackhole"),
        Route(namespace=WEB, owner="containers/web", to="fd09::/64", type="unreachable", metric=IPV6_METRIC),
        Route(namespace=DB, owner="containers/db", to="10.8.0.0/24", via="192.168.0.0", interface="p0", metric=50, table=1000),
        Route(namespace=DB, owner="containers/db", to="10.7.0.0/24", interface="p0", source="172.17.0.3"),
    ]


def operations(pairs: Pairs) -> list[Operation]:
    """The operations that make each second object of each first one."""
    ids = count()
    return [
        Operation(next(ids), namespace, old, new, (), (after or before).address)  # type: ignore[union-attr]
        for before, after in pairs
        for namespace, old, new in KINDS[(after or before).kind].steps(before, after)  # type: ignore[union-attr]
    ]


def run(kernel: Kernel, pairs: Pairs) -> list[str]:
    """Executes them in batches of one namespace -> what went wrong."""
    batches = groupby(operations(pairs), lambda operation: operation.namespace)
    return [str(failure.error) for _, batch in batches for failure in kernel.execute(list(batch))]


def build(kernel: Kernel, objects: Sequence[Object]) -> None:
    assert run(kernel, [(None, thing) for thing in objects]) == []


def seen(kernel: Kernel, **scope: Any) -> dict[Key, Object]:
    return dict(kernel.observe(Scope(LAB, **scope)).objects)


def sh(*commands: str) -> None:
    """Somebody else changes something: `ip -n topo.small.web link set eth0 down`."""
    for command in commands:
        subprocess.run(command, shell=True, check=True, capture_output=True, text=True)


def ip(namespace: str, words: str) -> list[dict[str, Any]]:
    """What iproute2 says."""
    said = subprocess.run(["ip", "-n", namespace, "-j", "-d", *words.split()], check=True, capture_output=True, text=True)
    return list(json.loads(said.stdout or "[]"))
