"""The same edits on the fake kernel and on the real one: the same plans, and the same states."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import topo
from tests.live.documents import FOCUSES, Document, documents
from topo.kernel.fake import FakeKernel
from topo.kernel.linux import LinuxKernel
from topo.objects import Key, Object

pytestmark = pytest.mark.live


def owned(kernel: topo.Kernel) -> dict[Key, Object]:
    """All of topo's in the lab `t`."""
    found = [lab.observe() for lab in topo.labs(kernel=kernel) if lab.name == "t"]
    objects = [thing for state in found for thing in state.objects.values() if thing.owned]
    return {thing.key: thing for thing in objects}


def facts(plan: topo.Plan) -> set[tuple[object, ...]]:
    return {(change.address, change.actions, change.before, change.after, change.reason) for change in plan.changes}


@pytest.mark.parametrize("focus", FOCUSES)
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.reuse, Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_they_agree(tmp_path: Path, focus: str, data: st.DataObject) -> None:
    steps = data.draw(st.lists(documents(focus), min_size=2, max_size=3))
    real, fake = LinuxKernel(), FakeKernel()
    try:
        for document in steps:
            agree(_loaded(tmp_path, document), real, fake)
    finally:
        topo.down("t", kernel=real)
    topo.down("t", kernel=fake)
    assert topo.labs(kernel=fake) == ()


def agree(lab: topo.Lab, real: LinuxKernel, fake: FakeKernel) -> None:
    planned, imagined = topo.plan(lab, kernel=real), topo.plan(lab, kernel=fake)
    if facts(planned) != facts(imagined):
        pytest.fail(f"only real: {facts(planned) - facts(imagined)}\nonly fake: {facts(imagined) - facts(planned)}")
    topo.apply(lab, kernel=real)
    topo.apply(lab, kernel=fake)
    assert owned(real) == owned(fake)
    assert topo.plan(lab, kernel=real).empty
    assert topo.plan(lab, kernel=fake).empty


def _loaded(folder: Path, document: Document) -> topo.Lab:
    (folder / "t.yaml").write_text(json.dumps(document))
    return topo.load(folder / "t.yaml")
