"""The face: its names, and the way from a file to a running lab and back."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

import topo
from topo.errors import DocumentErrors, KernelError, LockTimeoutError, StalePlanError, UsageError
from topo.kernel.fake import Entered, FakeKernel

FUNCTIONS = {"ahead", "load", "plan", "apply", "down", "labs"}
TYPES = {
    "Change",
    "Conflict",
    "Failed",
    "Kernel",
    "Lab",
    "Operation",
    "Plan",
    "Report",
    "RunningLab",
    "State",
    "TopoError",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text("containers: {web: , db: }\n")
    return path


def test_the_names_of_the_face() -> None:
    assert set(topo.__all__) == FUNCTIONS | TYPES
    defined = {name for name, value in vars(topo).items() if callable(value) and value.__module__ == "topo"}
    assert {name for name in defined if not name.startswith("_")} == FUNCTIONS


def test_a_file_becomes_a_running_lab_and_goes(file: Path) -> None:
    kernel = FakeKernel()
    lab = topo.load(file)
    assert lab.name == "shop"
    plan = topo.plan(lab, kernel=kernel)
    assert plan.summary["create"] == len(plan.changes) > 0
    assert plan.sources[0][0] == str(file)
    report = topo.apply(lab, kernel=kernel)
    assert report.verified
    assert report.done == plan.changes
    assert topo.plan(lab, kernel=kernel).empty
    assert topo.apply(lab, kernel=kernel).done == ()
    (running,) = topo.labs(kernel=kernel)
    assert (running.name, running.containers) == ("shop", ("db", "web"))
    assert topo.down("shop", kernel=kernel)
    assert topo.labs(kernel=kernel) == ()
    assert not topo.down("shop", kernel=kernel)


def test_a_plan_applies_as_it_is_and_only_once(file: Path) -> None:
    kernel = FakeKernel()
    plan = topo.plan(topo.load(file), kernel=kernel)
    assert topo.apply(plan, kernel=kernel).verified
    with pytest.raises(StalePlanError):
        topo.apply(plan, kernel=kernel)


def test_a_plan_between_two_files_needs_no_kernel(file: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.yaml"
    old.write_text("containers: {web: }\n")
    plan = topo.plan(topo.load(file), since=topo.load(old, name="shop"))
    assert "containers/db" in {change.address for change in plan.changes}
    assert "containers/web" not in {change.address for change in plan.changes}


def test_two_labs_of_one_file_run_side_by_side(file: Path) -> None:
    kernel = FakeKernel()
    for name in ("a", "b"):
        topo.apply(topo.load(file, name=name), kernel=kernel)
    assert [lab.name for lab in topo.labs(kernel=kernel)] == ["a", "b"]
    topo.down("a", kernel=kernel)
    assert topo.plan(topo.load(file, name="b"), kernel=kernel).empty


def test_an_error_brings_the_report_of_what_was_done(file: Path) -> None:
    kernel = FakeKernel()
    kernel.fail(7, 1)
    with pytest.raises(KernelError) as caught:
        topo.apply(topo.load(file), kernel=kernel)
    assert isinstance(caught.value.report, topo.Report)
    assert caught.value.report.failed
    assert caught.value.report.pending
    assert topo.apply(topo.load(file), kernel=kernel).verified


def test_the_lab_is_locked_while_it_is_changed(file: Path) -> None:
    kernel = FakeKernel()
    with kernel.lock("shop"):
        with pytest.raises(LockTimeoutError):
            topo.apply(topo.load(file), kernel=kernel, lock_timeout=0)
        assert not topo.plan(topo.load(file), kernel=kernel).empty
    assert topo.apply(topo.load(file), kernel=kernel).verified


def test_what_is_planned_is_told_before_it_is_done(file: Path) -> None:
    kernel = FakeKernel()
    told: list[str] = []
    topo.apply(
        topo.load(file),
        kernel=kernel,
        on_plan=lambda plan: told.append(f"{len(plan.operations)} planned"),
        on_operation=lambda operation: told.append("done"),
    )
    assert told == [f"{len(told) - 1} planned", *["done"] * (len(told) - 1)]


def test_a_file_that_is_wrong_is_an_error_with_its_places(tmp_path: Path) -> None:
    wrong = tmp_path / "lab.yaml"
    wrong.write_text("networks:\n  lan: {subnet: 10.0.0.1/24}\n")
    with pytest.raises(DocumentErrors) as caught:
        topo.load(wrong)
    assert caught.value.errors[0].where is not None
    with pytest.raises(UsageError):
        topo.load(tmp_path / "none.yaml")


def test_a_command_runs_in_a_container(file: Path) -> None:
    kernel = FakeKernel()
    topo.apply(topo.load(file), kernel=kernel)
    (running,) = topo.labs(kernel=kernel)
    with pytest.raises(Entered) as caught:
        running.enter("web", ["true"])
    assert caught.value.args == ("shop", "web", ("true",))
    with pytest.raises(UsageError):
        running.enter("nobody", ["true"])


def test_it_works_from_threads(file: Path) -> None:
    kernels = [FakeKernel() for _ in range(4)]
    reports: list[topo.Report] = []
    threads = [
        threading.Thread(target=lambda kernel=kernel: reports.append(topo.apply(topo.load(file), kernel=kernel)))
        for kernel in kernels
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [report.verified for report in reports] == [True] * 4
