"""The words of `uplink`: one word or a map; what does not go together is said."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from tests.networks.test_bridge import BRIDGE, FULL, ON_IT, OPTIONS
from topo.networks import Segment
from topo.networks.way import Way, way_of
from topo.objects import mark
from topo.objects.bridge import Bridge
from topo.objects.patch import Patch
from topo.objects.veth import Veth


def with_uplink(said: Any) -> Segment:
    return replace(FULL, options={**OPTIONS, "uplink": said}, plug=("n.host", "topo.t.n"))


@pytest.mark.parametrize(
    ("said", "way"),
    [
        ("none", Way()),
        ("nat", Way("nat")),
        ({"mode": "routed"}, Way("routed")),
        ({"mode": "nat", "open_forward": False}, Way("nat", open_forward=False)),
        ({"bridge": "br-lan"}, Way(bridge="br-lan")),
        ({"bridge": ["wrong"], "mode": 7, "open_forward": "no"}, Way()),
    ],
)
def test_both_forms_say_the_same(said: Any, way: Way) -> None:
    assert way_of({"uplink": said}) == way
    assert way.leads_out == (way not in (Way(),))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "of no kind"),
        ({"open_forward": True}, "of no kind"),
        ({"bridge": "br-lan", "mode": "nat"}, "where the host does not route"),
        ({"bridge": "br-lan", "open_forward": False}, "where the host does not route"),
        ({"mode": "nat", "open_forward": False}, "say `open_forward` of it differently"),
    ],
)
def test_what_does_not_go_together(said: Any, words: str) -> None:
    earlier = [with_uplink({"mode": "nat", "open_forward": True})]
    assert words in " ".join(complaint.message for complaint in BRIDGE.check(with_uplink(said), [ON_IT], earlier))


def test_one_that_is_plugged_in_has_a_cable_and_no_address() -> None:
    bridge, patch, *others = BRIDGE.shared(with_uplink({"bridge": "br-lan"}), [ON_IT])
    assert isinstance(bridge, Bridge)
    assert isinstance(patch, Patch)
    assert not others
    assert (patch.master, patch.bridge, patch.name, patch.far) == ("n", "br-lan", "n.host", "topo.t.n")
    assert patch.mark == mark.second(bridge.mark)
    assert patch.macs[1] > "fe:"
    assert not bridge.settings.forwarding
    (veth,) = BRIDGE.attached(with_uplink({"bridge": "br-lan"}), ON_IT)
    assert isinstance(veth, Veth)
    assert BRIDGE.is_lan({"uplink": {"bridge": "br-lan"}})
    assert not BRIDGE.is_lan({"uplink": "nat"})
