"""The bytes of an ipvlan, against pyroute2's."""

from __future__ import annotations

from msgspec.structs import replace

from tests.kernel.linux import test_messages as messages
from tests.kernel.linux.uppers import born, host, info
from topo.kernel.linux.messages import Rtm
from topo.objects import mark
from topo.objects.ipvlan import Ipvlan
from topo.objects.settings import BASELINE

LINK = Ipvlan(namespace=messages.HERE, name="eth0", mark=mark.of_attachment("lan", 0), parent="eth1", mode="l3s")


def test_it_is_born_in_its_namespace_with_the_parents_mac() -> None:
    first = born(LINK)
    said = {"IFLA_IFNAME": first.name, "IFLA_LINK": 7, "IFLA_MTU": 1500, "IFLA_GROUP": LINK.mark}
    there = ("IFLA_NET_NS_FD", messages.OTHER_FD)
    made = messages.link(Rtm.RTM_NEWLINK, messages.NEW, [*said.items(), there, info("ipvlan", "IFLA_IPVLAN_MODE", 2)])
    messages.same(messages.ours(None, first, host()), [made])


def test_it_is_configured_there() -> None:
    before = replace(LINK, mode="l2", mac="02:00:00:00:00:01", up=False, settings=None)
    moded = messages.changed(2, info("ipvlan", "IFLA_IPVLAN_MODE", 2))
    tuned = messages.changed(2, messages.tuned(BASELINE))
    messages.same(messages.ours(before, LINK), [moded, tuned, messages.changed(2, **messages.UP)])
