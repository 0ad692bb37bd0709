"""A plan alone says where it leads, and whether it still holds."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.applier.labs import LARGE_MTU, ONLY_WEB, WEB_AND_DB, planned
from topo.applier import apply
from topo.applier.preparation import prepared_again, with_processes
from topo.errors import StalePlanError
from topo.kernel.fake import FakeKernel
from topo.objects.bridge import Bridge
from topo.objects.neighbour import Neighbour
from topo.objects.route import Route
from topo.observer import observe
from topo.planner.plan import DELETE
from topo.views.plan_json import plan_from_json, plan_json

NAMED = """
name: shop
networks: {front: {subnet: 10.0.0.0/24}, back: {subnet: 10.1.0.0/24}}
containers:
  web: {networks: [{network: front, interface: up0}, {network: back, interface: up1}]}
"""
SWAPPED = NAMED.replace("up0", "up2").replace("up1", "up0").replace("up2", "up1")
PAIRS = [
    ("", WEB_AND_DB),
    (WEB_AND_DB, ONLY_WEB),
    (ONLY_WEB, WEB_AND_DB),
    (WEB_AND_DB, LARGE_MTU),
    (WEB_AND_DB, WEB_AND_DB),
    (NAMED, NAMED.replace("up0", "wan")),
    (NAMED, SWAPPED),
    (NAMED, WEB_AND_DB),
    (NAMED, NAMED.replace("interface: up0", "interface: wan, address: 10.0.0.9")),
    (NAMED, SWAPPED.replace("interface: up0", "interface: up0, address: 10.1.0.9")),
    (NAMED, SWAPPED.replace("10.0.0.0/24", "10.5.0.0/24").replace("10.1.0.0/24", "10.0.0.0/24")),
]


def running(text: str) -> FakeKernel:
    kernel = FakeKernel()
    if text:
        apply(planned(kernel, text), kernel)
    return kernel


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_plan_without_operations_is_made_again_as_it_was(before: str, after: str) -> None:
    kernel = running(before)
    plan = planned(kernel, after)
    again, desired = prepared_again(replace(plan, operations=()), kernel)
    assert {change.address: change for change in again.changes} == {
        change.address: replace(change, source=change.source) for change in plan.changes
    }
    assert apply(again, kernel, desired=desired).verified
    assert planned(kernel, after).empty


def test_a_plan_does_not_hold_when_something_of_ours_changed() -> None:
    kernel = running(WEB_AND_DB)
    plan = planned(kernel, LARGE_MTU)
    route = next(thing for thing in observe(kernel, "shop").objects.values() if isinstance(thing, Route))
    kernel.alter("shop", route, None)
    with pytest.raises(StalePlanError, match="not as it was when the plan was made"):
        prepared_again(plan, kernel)


def test_a_plan_does_not_hold_a_second_time() -> None:
    kernel = running(WEB_AND_DB)
    plan = planned(kernel, LARGE_MTU)
    apply(plan, kernel)
    with pytest.raises(StalePlanError):
        prepared_again(plan, kernel)


def test_what_is_foreign_and_in_nobodys_way_does_not_matter() -> None:
    kernel = running(WEB_AND_DB)
    plan = planned(kernel, LARGE_MTU)
    kernel.alter(
        "shop", None, Route(namespace="topo.shop.web", owner="containers/web", to="10.9.0.0/16", owned=False, protocol=186)
    )
    assert prepared_again(plan, kernel)


def test_the_processes_that_end_with_a_container_are_counted() -> None:
    kernel = running(WEB_AND_DB)
    kernel.run("shop", "topo.shop.db", 100, 101)
    plan = with_processes(planned(kernel, ONLY_WEB), kernel)
    gone = next(change for change in plan.changes if change.address == "containers/db")
    assert gone.disruptive == ("2 processes in it end",)


def test_what_a_saved_plan_warns_of_is_said_again() -> None:
    kernel = running(ONLY_WEB)
    plan = replace(planned(kernel, WEB_AND_DB), warnings=("many ports",))
    again, _ = prepared_again(plan_from_json(plan_json(plan), "plan.json"), kernel)
    assert again.warnings == ("many ports",)


def test_what_changes_on_one_of_two_interfaces_that_exchange_names_is_not_what_is_on_the_other() -> None:
    twice = NAMED.replace("network: back", "network: front")
    kernel = running(twice)
    known = next(
        thing for thing in observe(kernel, "shop").objects.values() if isinstance(thing, Neighbour) and thing.interface == "up0"
    )
    kernel.alter("shop", known, replace(known, mac="02:00:00:00:00:99"))
    plan = planned(kernel, twice.replace("up0", "up2").replace("up1", "up0").replace("up2", "up1"))
    again, desired = prepared_again(plan, kernel)
    assert apply(again, kernel, desired=desired).verified


@pytest.mark.parametrize("copied", [False, True])
def test_a_plan_that_tells_copies_apart_is_made_again_as_it_was(copied: bool) -> None:
    """Whichever of them the kernel names first."""
    kernel = running(WEB_AND_DB)
    bridge = next(thing for thing in observe(kernel, "shop").objects.values() if isinstance(thing, Bridge))
    kernel.alter("shop", bridge, replace(bridge, copy="one" if copied else ""))
    kernel.alter("shop", None, replace(bridge, name="extra", mtu=1300, copy="" if copied else "two"))
    plan = planned(kernel, WEB_AND_DB)
    assert [(change.actions, change.before.name) for change in plan.changes] == [(DELETE, "extra")]
    again, desired = prepared_again(replace(plan, operations=()), kernel)
    assert apply(again, kernel, desired=desired).verified
    assert planned(kernel, WEB_AND_DB).empty
