"""The fake kernel under everything that can happen to a lab: after `up` it is what the file says, and nothing else changed."""

from __future__ import annotations

import contextlib
import errno
import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from tests.machines.documents import states
from tests.machines.drift import Edit, additions, damage, removals
from tests.machines.exact import assert_exact
from topo.applier.execution import apply
from topo.errors import ConflictError
from topo.kernel.fake import FakeKernel, Killed
from topo.kernel.protocol import Scope
from topo.objects import State
from topo.objects.state import ALL_FEATURES
from topo.planner import plan
from topo.planner.plan import Plan

STEPS = int(os.environ.get("TOPO_MACHINE_STEPS") or (4000 if os.environ.get("CI") == "true" else 400))
"""How many steps all runs take together."""

IN_A_RUN = 25
LAB = "t"


class Labs(RuleBasedStateMachine):
    """One lab and one file that changes; the kernel that holds it refuses, and is changed behind topo's back."""

    @initialize(state=states(), live=st.booleans())
    def start(self, state: State, live: bool) -> None:
        self.kernel = FakeKernel(ALL_FEATURES if live else frozenset())
        self.desired = state

    @rule(state=states())
    def edit(self, state: State) -> None:
        self.desired = state

    @rule()
    def up(self) -> None:
        before, made = self._planned()
        if made.conflicts:
            with pytest.raises(ConflictError):
                apply(made, self.kernel)
            assert self._observed() == before
            return
        assert_exact(made, before, self.desired)
        report = apply(made, self.kernel, desired=self.desired)
        assert not report.failed
        assert report.verified
        after, again = self._planned()
        assert again.empty
        assert not again.operations
        assert {key for key, thing in after.objects.items() if thing.owned} == self.desired.objects.keys()

    @rule(number=st.integers(0, 60))
    def up_killed(self, number: int) -> None:
        _, made = self._planned()
        self.kernel.kill(number)
        with contextlib.suppress(Killed, ConflictError):
            apply(made, self.kernel, desired=self.desired)
        self.kernel.kill(None)
        self.up()

    @rule(number=st.integers(0, 60), error=st.sampled_from([errno.EBUSY, errno.EINVAL, errno.EEXIST]))
    def up_refused(self, number: int, error: int) -> None:
        _, made = self._planned()
        if number < len(made.operations):
            self.kernel.fail(number, error)
            report = apply(made, self.kernel, desired=self.desired)
            assert [failed.operation.id for failed in report.failed][:1] == [number + 1]
        self.up()

    @rule(data=st.data())
    def damage(self, data: st.DataObject) -> None:
        self._by_hand(data, damage(self._observed()))

    @rule(data=st.data())
    def add(self, data: st.DataObject) -> None:
        self._by_hand(data, additions(self._observed()))

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        self._by_hand(data, removals(self._observed()))

    @precondition(lambda self: self._observed().objects)
    @rule()
    def down(self) -> None:
        self.kernel.remove(LAB)
        assert not self.kernel.labs()

    @invariant()
    def a_plan_is_a_pure_function(self) -> None:
        before, made = self._planned()
        turned = State(before.lab, dict(reversed(before.objects.items())), before.features)
        assert plan(self.desired, turned) == made

    def _observed(self) -> State:
        return self.kernel.observe(Scope(LAB))

    def _planned(self) -> tuple[State, Plan]:
        observed = self._observed()
        return observed, plan(self.desired, observed)

    def _by_hand(self, data: st.DataObject, edits: list[Edit]) -> None:
        if edits:
            before, after = edits[data.draw(st.integers(0, len(edits) - 1))]
            self.kernel.alter(LAB, before, after)


def test_labs() -> None:
    run_state_machine_as_test(
        Labs,
        settings=settings(
            max_examples=max(1, STEPS // IN_A_RUN),
            stateful_step_count=IN_A_RUN,
            deadline=None,
            derandomize="TOPO_MACHINE_STEPS" not in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
