"""`topo up` on a kernel in memory: what it prints, where, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, edit
from topo.cli import main
from topo.document import load
from topo.kernel.fake import FakeKernel
from topo.objects.address import Address
from topo.objects.interface import Interface
from topo.observer import observe
from topo.resolver import resolve


def test_up_tells_what_came_and_is_idempotent(run: Run, file: Path) -> None:
    code, out, err = run("up", file)
    assert (code, err) == (0, "")
    assert "   + container web  " in out
    assert "   + network front  " in out
    assert out.splitlines()[-1].startswith("Done: ")
    assert run("up", file) == (0, out_of_nothing(out), "")


def out_of_nothing(out: str) -> str:
    created = int(out.splitlines()[-1].split()[1])
    return f"No changes. Lab shop is as it should be: {created} objects.\n"


def test_up_names_what_it_changed(run: Run, file: Path) -> None:
    run("up", file)
    edit(file, "10.0.0.0/24}", "10.0.0.0/24, mtu: 9000}")
    code, out, _ = run("up", file)
    assert code == 0
    assert "~ containers/web/eth0" in out
    assert "end.mtu: 1500 -> 9000" in out
    assert "Done: 0 created, 3 updated, 0 replaced, 0 deleted, " in out


def test_up_quiet_says_nothing_and_verbose_says_each_operation(run: Run, file: Path) -> None:
    assert run("up", "-q", file) == (0, "", "")
    run("down", file)
    code, _, err = run("up", "-v", file)
    assert code == 0
    assert "ip netns add topo.shop.web\n" in err


def test_up_json_is_the_report(run: Run, file: Path) -> None:
    code, out, err = run("up", "--json", file)
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert data["verified"] is True
    assert data["failed"] == data["pending"] == []
    assert {"address": "containers/web", "kind": "namespace", "actions": ["create"]} in data["done"]


def test_up_that_is_refused_says_what_is_done_and_what_is_pending(run: Run, file: Path, kernel: FakeKernel) -> None:
    kernel.fail(9, 1)
    code, out, err = run("up", file)
    assert code == 1
    assert "  pending\n" in out
    assert "  failed: " in out
    assert out.splitlines()[-1].startswith("Stopped: ")
    assert err.startswith("error: ")
    assert "  hint: what is done stays; `topo up` again goes on from there\n" in err
    assert run("up", file)[0] == 0


def test_up_that_is_refused_says_it_in_json(run: Run, file: Path, kernel: FakeKernel) -> None:
    kernel.fail(9, 1)
    code, out, err = run("up", "--json", file)
    assert (code, err) == (1, "")
    data = json.loads(out)
    assert data["errors"][0]["exit_code"] == 1
    assert data["report"]["pending"]


def test_up_waits_for_the_lock_as_long_as_it_is_told(run: Run, file: Path, kernel: FakeKernel) -> None:
    with kernel.lock("shop"):
        code, _, err = run("up", "--lock-timeout", "0", file)
    assert code == 5
    assert err.startswith("error: another topo works on the lab shop")


def test_up_with_a_foreign_link_in_the_way_changes_nothing(run: Run, file: Path, kernel: FakeKernel) -> None:
    put_a_foreign_link_in_the_way(run, file, kernel)
    before = observe(kernel, "shop")
    code, out, err = run("up", file)
    assert (code, out) == (4, "")
    assert err.startswith("error: containers/web/eth0")
    assert "  hint: " in err
    assert observe(kernel, "shop") == before
    code, out, _ = run("plan", file)
    assert code == 4
    assert "! containers/web/eth0" in out
    code, out, _ = run("plan", "--json", file)
    assert code == 4
    assert [conflict["address"] for conflict in json.loads(out)["conflicts"]] == ["containers/web/eth0"]


def put_a_foreign_link_in_the_way(run: Run, file: Path, kernel: FakeKernel) -> None:
    run("up", file)
    veth = next(thing for thing in resolve(load(file)).objects.values() if thing.address == "containers/web/eth0")
    kernel.alter("shop", veth, None)
    foreign = Interface(namespace="topo.shop.web", owner="containers/web", name="eth0", link_kind="dummy", owned=False)
    kernel.alter("shop", None, foreign)


def test_up_that_is_not_what_it_should_be_afterwards_says_so(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Lying(FakeKernel):
        def execute(self, operations: Any) -> Any:
            bent = [one for one in operations if not (isinstance(one.after, Address) and one.after.ip == "10.0.0.2/24")]
            return super().execute(bent)

    assert main(["up", str(file)], kernel=Lying()) == 6
    err = capsys.readouterr().err
    assert err.startswith("error: applied, but the kernel does not hold what was asked for: containers/web/eth0/10.0.0.2/24")
