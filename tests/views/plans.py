"""A plan with every kind of change in it, made by hand."""

from __future__ import annotations

from msgspec.structs import replace

from topo.errors import Where
from topo.kernel.protocol import Operation
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.file import File
from topo.objects.firewall import Chain, Firewall
from topo.objects.namespace import Namespace
from topo.objects.route import Route
from topo.objects.veth import End, Veth
from topo.planner.plan import CREATE, DELETE, REPLACE, UPDATE, Change, Conflict, Plan

WEB, FABRIC = "topo.shop.web", "topo.shop"
NAMESPACE = Namespace(owner="containers/web", name=WEB)
BRIDGE = Bridge(namespace=FABRIC, owner="networks/front", name="front", mark=0x74000002, mac="02:42:00:00:00:01")
VETH = Veth(
    namespace=WEB,
    owner="containers/web",
    end=End(WEB, "eth0", 0x74000004, "02:42:ac:11:00:02"),
    peer=End(FABRIC, "web.eth0", 0x74000006, "02:42:00:00:00:02", master="front", settings=None),
)
ADDRESS = Address(namespace=WEB, owner="containers/web/eth0", interface="eth0", ip="172.17.0.2/16", broadcast="172.17.255.255")
ROUTE = Route(namespace=WEB, owner="containers/web", to="0.0.0.0/0", via="172.17.0.1", interface="eth0")
HOSTS = File(path="hosts/front", content="172.17.0.2\tweb\t# 0\n172.17.0.3\tdb\t# 0\n")
FIREWALL = Firewall(namespace=FABRIC, chains=(Chain("forward", "forward", 0, "drop", ("ct state established accept",)),))


def change(before, after, actions, **more):  # type: ignore[no-untyped-def]
    """A change of one object."""
    thing = after or before
    return Change(thing.address, thing.kind, thing.namespace, actions, before, after, **more)


CHANGES = (
    change(FIREWALL, replace(FIREWALL, chains=(replace(FIREWALL.chains[0], rules=("accept",)),)), UPDATE),
    change(HOSTS, replace(HOSTS, content=HOSTS.content.replace("db", "db www")), UPDATE),
    change(None, BRIDGE, CREATE, source=Where("shop.yaml", 3, 5)),
    change(VETH, replace(VETH, end=replace(VETH.end, mtu=9000)), UPDATE),
    change(
        ADDRESS,
        replace(ADDRESS, broadcast=None),
        REPLACE,
        reason="broadcast: the kernel cannot",
        replace_paths=("broadcast",),
    ),
    change(ROUTE, replace(ROUTE, via="172.17.0.9"), UPDATE, disruptive=("a daemon's route goes",)),
    change(replace(NAMESPACE, name="topo.shop.old", owner="containers/old"), None, DELETE),
)
OPERATIONS = tuple(
    Operation(number, one.namespace, one.before, one.after, () if number == 1 else (number - 1,), one.address)
    for number, one in enumerate(CHANGES, 1)
)
CONFLICT = Conflict("containers/web/eth0", "interface", WEB, "a foreign link has its name", "ip -n topo.shop.web link del eth0")
PLAN = Plan("shop", CHANGES, (), OPERATIONS, "f" * 64, 12, sources=(("shop.yaml", "a" * 64),))
EMPTY = Plan("shop", (), (), (), "f" * 64, 12)
