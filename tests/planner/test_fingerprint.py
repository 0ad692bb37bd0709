"""The fingerprint of what a plan was made against."""

from __future__ import annotations

from msgspec.structs import replace

from tests.planner.tables import state
from topo.objects import State
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.planner import plan

DESIRED = state({"networks": {"n": {"subnet": "10.0.0.0/24"}}, "containers": {"a": {"networks": ["n"]}}})
FOREIGN = Address(namespace="topo.t.a", owned=False, interface="eth0", ip="10.9.0.1/24")


def fingerprint(state: State) -> str:
    return plan(DESIRED, state).fingerprint


def test_the_order_does_not_matter() -> None:
    turned = State.of("t", reversed(list(DESIRED.objects.values())))
    assert fingerprint(turned) == fingerprint(DESIRED)


def test_an_index_does_not_matter() -> None:
    numbered = [
        replace(thing, index=7) if isinstance(thing, Bridge) else thing
        for thing in DESIRED.objects.values()
    ]  # fmt: skip
    assert fingerprint(State.of("t", numbered)) == fingerprint(DESIRED)


def test_every_object_of_ours_matters() -> None:
    things = list(DESIRED.objects.values())
    prints = {fingerprint(State.of("t", [other for other in things if other is not thing])) for thing in things}
    assert len(prints | {fingerprint(DESIRED)}) == len(things) + 1


def test_what_is_foreign_does_not_matter() -> None:
    assert fingerprint(State.of("t", [*DESIRED.objects.values(), FOREIGN])) == fingerprint(DESIRED)


def test_what_is_foreign_and_in_the_way_matters() -> None:
    rest = [thing for thing in DESIRED.objects.values() if not isinstance(thing, Address)]
    wide, wider = (replace(FOREIGN, ip=f"10.0.0.2/{length}") for length in (20, 16))
    prints = {fingerprint(State.of("t", [*rest, *way])) for way in ((), (wide,), (wider,))}
    assert len(prints) == 3
