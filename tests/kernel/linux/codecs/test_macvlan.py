"""The bytes of a macvlan, against pyroute2's."""

from __future__ import annotations

from msgspec.structs import replace

from tests.kernel.linux import test_messages as messages
from tests.kernel.linux.uppers import born, host, info
from topo.kernel.linux import footing
from topo.kernel.linux.messages import Rtm
from topo.objects import mark
from topo.objects.macvlan import Macvlan
from topo.objects.settings import BASELINE

LINK = Macvlan(
    namespace=messages.HERE,
    name="eth0",
    mark=mark.of_attachment("lan", 0),
    parent="eth1",
    mac="02:42:ac:11:00:02",
    mode="private",
)


def test_it_is_born_in_its_namespace() -> None:
    first = born(LINK)
    said = {"IFLA_IFNAME": first.name, "IFLA_LINK": 7, "IFLA_ADDRESS": LINK.mac, "IFLA_MTU": 1500, "IFLA_GROUP": LINK.mark}
    there = ("IFLA_NET_NS_FD", messages.OTHER_FD)
    made = messages.link(Rtm.RTM_NEWLINK, messages.NEW, [*said.items(), there, info("macvlan", "IFLA_MACVLAN_MODE", 1)])
    messages.same(messages.ours(None, first, host()), [made])


def test_in_passthru_nothing_is_said_of_a_mac() -> None:
    first = born(replace(LINK, mode="passthru", passthru=True, mac=None))
    said = {"IFLA_IFNAME": first.name, "IFLA_LINK": 7, "IFLA_MTU": 1500, "IFLA_GROUP": LINK.mark}
    there = ("IFLA_NET_NS_FD", messages.OTHER_FD)
    made = messages.link(Rtm.RTM_NEWLINK, messages.NEW, [*said.items(), there, info("macvlan", "IFLA_MACVLAN_MODE", 8)])
    messages.same(messages.ours(None, first, host()), [made])


def test_it_is_configured_there() -> None:
    before = replace(LINK, mode="bridge", up=False, settings=None)
    named = messages.changed(2, ("IFLA_IFNAME", "eth3"), info("macvlan", "IFLA_MACVLAN_MODE", 1))
    tuned = messages.changed(2, messages.tuned(BASELINE))
    messages.same(messages.ours(before, replace(LINK, name="eth3")), [named, tuned, messages.changed(2, **messages.UP)])


def test_it_is_deleted_by_its_index() -> None:
    messages.same(messages.ours(LINK, None), [messages.link(Rtm.RTM_DELLINK, messages.ASK, [], index=2)])


def test_whether_the_kernel_knows_it_is_asked_without_a_parent() -> None:
    socket = host().socket
    assert isinstance(socket, messages.Heard)
    assert footing.knows(socket, "macvlan")
    kind = ("IFLA_LINKINFO", {"attrs": [("IFLA_INFO_KIND", "macvlan")]})
    messages.same(socket.heard, [messages.link(Rtm.RTM_NEWLINK, messages.NEW, [kind])])
