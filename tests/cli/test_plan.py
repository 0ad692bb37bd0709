"""`topo plan`: what it shows and saves."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import LAB, Run
from topo.kernel.fake import FakeKernel


def test_plan_says_what_up_would_do_and_changes_nothing(run: Run, file: Path, kernel: FakeKernel) -> None:
    code, out, err = run("plan", file)
    assert (code, err) == (0, "")
    assert "+ containers/web/eth0/10.0.0.2/24 " in out
    assert out.splitlines()[-1].startswith("Plan: ")
    assert kernel.executed == []


def test_plan_check_is_2_while_changes_are_pending(run: Run, file: Path) -> None:
    assert run("plan", "--check", "-q", file) == (2, "", "")
    run("up", file)
    assert run("plan", "--check", "-q", file) == (0, "", "")


def test_plan_json_is_the_plan(run: Run, file: Path) -> None:
    code, out, _ = run("plan", "--json", file)
    assert code == 0
    data = json.loads(out)
    assert data["lab"] == "shop"
    assert data["empty"] is False
    assert run("plan", "--json", file)[1] == out
    run("up", file)
    assert json.loads(run("plan", "--json", file)[1])["empty"] is True


def test_plan_from_one_file_to_another_needs_no_lab(run: Run, file: Path, kernel: FakeKernel) -> None:
    Path("old.yaml").write_text(LAB.replace("  db: {networks: [front]}\n", ""))
    code, out, _ = run("plan", "--from", "old.yaml", file)
    assert code == 0
    assert "+ containers/db " in out
    assert "+ containers/web" not in out
    assert kernel.executed == []


def test_a_saved_plan_is_applied_exactly_or_not_at_all(run: Run, file: Path) -> None:
    assert run("plan", "-o", "plan.json", file)[0] == 0
    file.unlink()
    assert run("up", "--plan", "plan.json")[0] == 0
    code, _, err = run("up", "--plan", "plan.json")
    assert code == 4
    assert err == (
        "error: lab shop is not as it was when the plan was made; nothing was changed\n"
        "  hint: make the plan again: topo plan -o plan.json\n"
    )


def test_what_is_no_plan_is_a_usage_error(run: Run, file: Path) -> None:
    for arguments in (["--plan", file], ["--plan", "lost.json"], ["--plan", "plan.json", file], ["--plan", "/"]):
        code, out, err = run("up", *arguments)
        assert (code, out) == (3, "")
        assert err.startswith("error: ")
        assert "\n  hint: " in err
    assert run("plan", "-o", "/no/such/folder/plan.json", file)[0] == 3


def test_plan_verbose_lists_the_operations(run: Run, file: Path) -> None:
    assert "ip netns add topo.shop.web\n" in run("plan", "-v", file)[1]
