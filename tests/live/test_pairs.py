"""Any two files A and B on the real kernel: the plan from A to B is exact, and A does not show through B."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.live.documents import EVERYTHING, FOCUSES, OUTSIDE, Document, documents
from tests.live.driving import Topo
from tests.live.reading import ip, links, namespaces
from tests.world import canary

pytestmark = pytest.mark.live

EXAMPLES = int(os.environ.get("TOPO_PAIRS", "64"))


def picture() -> set[str]:
    """The lab as iproute2 shows it, line by line, without the kernel's numbers: what a file alone decides."""
    return {f"{name} {line}" for name in namespaces() for line in _pictured(name)}


def _pictured(namespace: str) -> Iterator[str]:
    # Carrier, operstate and a route's `linkdown` are not among it: the kernel's linkwatch sets them a moment later.
    shown = ("address", "mtu", "master", "group", "inet6_addr_gen_mode")
    for name, link in links(namespace).items():
        yield f"{name} {'UP' in link['flags']} {[link.get(key) for key in shown]} {link.get('linkinfo', {}).get('info_kind')}"
    for link in ip(namespace, "address show"):
        for item in link["addr_info"]:
            yield f"{link['ifname']} {item['local']}/{item['prefixlen']} {item.get('broadcast')} {item.get('protocol')}"
    for family in ("-4", "-6"):
        for route in ip(namespace, f"{family} route show"):
            yield json.dumps({key: route[key] for key in route if key != "flags"}, sort_keys=True)
    for item in ip(namespace, "neighbour show nud permanent"):
        yield f"{item['dst']} {item['lladdr']}"


random = settings(
    max_examples=max(1, EXAMPLES // len(FOCUSES)),
    deadline=None,
    derandomize="TOPO_PAIRS" not in os.environ or os.environ.get("CI") == "true",
    phases=[Phase.reuse, Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("focus", FOCUSES)
@random
@given(data=st.data())
def test_the_plan_is_exact(topo: Topo, focus: str, data: st.DataObject) -> None:
    exact(topo, focus, data)


@pytest.mark.usefixtures("lan")
@pytest.mark.parametrize(
    "focus",
    [
        pytest.param(OUTSIDE, marks=pytest.mark.vm),
        pytest.param(EVERYTHING, marks=pytest.mark.needs("ipvlan", "vlan", "vlan filtering", "netem")),
    ],
)
@random
@given(data=st.data())
def test_the_plan_is_exact_elsewhere(topo: Topo, focus: str, data: st.DataObject) -> None:
    exact(topo, focus, data)


def exact(topo: Topo, focus: str, data: st.DataObject) -> None:
    before, after = data.draw(documents(focus), "A"), data.draw(documents(focus), "B")
    try:
        check(topo, before, after)
    finally:
        topo.ok("down", "--name", "t")


def check(topo: Topo, before: Document, after: Document) -> None:
    topo.up(before)
    topo.settled(before)
    plan = topo.plan(after)
    untouched = {name: _still(name) for name in _unnamed(plan.data["changes"])}
    topo.up(after)
    topo.settled(after)
    assert {name: _still(name) for name in untouched} == untouched
    by_edit = picture()
    topo.down()
    topo.up(after)
    afresh = picture()
    if by_edit != afresh:
        pytest.fail("\n".join(["only by the edit:", *sorted(by_edit - afresh), "only afresh:", *sorted(afresh - by_edit)]))


def _still(namespace: str) -> list[str]:
    """Without the operstate, which linkwatch sets up to a second late where an interface has a queue."""
    return [re.sub(r" state [A-Z]+ ", " ", line) for line in canary.network(namespace)]


def _unnamed(changes: list[dict[str, Any]]) -> set[str]:
    """Namespaces of the lab of which the plan says nothing."""
    text = json.dumps(changes)
    return {name for name in namespaces() if name != "topo.t" and f'"{name}"' not in text}
