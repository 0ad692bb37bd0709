"""The bytes of an interface with one VLAN of another, against pyroute2's."""

from __future__ import annotations

from tests.kernel.linux import test_messages as messages
from topo.kernel.linux import held
from topo.kernel.linux.codecs import tagged
from topo.kernel.linux.messages import Rtm
from topo.objects.tagged import Tagged


def test_it_is_made_with_its_mark() -> None:
    data = ("IFLA_INFO_DATA", {"attrs": [("IFLA_VLAN_ID", 100)]})
    said = {"IFLA_IFNAME": "eth1.100", "IFLA_LINK": 7, "IFLA_GROUP": held.mark_of("eth1.100")}
    info = ("IFLA_LINKINFO", {"attrs": [("IFLA_INFO_KIND", "vlan"), data]})
    made = messages.link(Rtm.RTM_NEWLINK, messages.NEW, [*said.items(), info])
    messages.same([tagged._message(Tagged(name="eth1.100", parent="eth1", tag=100), 7)], [made])
