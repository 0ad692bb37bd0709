"""The commands on a kernel in memory: what they print, where, and their exit codes."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

import topo
from topo.cli import main
from topo.document import load
from topo.kernel.fake import Entered, FakeKernel
from topo.objects.address import Address
from topo.objects.interface import Interface
from topo.observer import observe
from topo.resolver import resolve

Run = Callable[..., tuple[int, str, str]]

LAB = """\
networks:
  front: {subnet: 10.0.0.0/24}
containers:
  web: {networks: [front]}
  db: {networks: [front]}
"""


@pytest.fixture
def kernel() -> FakeKernel:
    return FakeKernel()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("shop.yaml")
    path.write_text(LAB)
    return path


@pytest.fixture
def run(kernel: FakeKernel, file: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("up", "shop.yaml")` -> (exit code, stdout, stderr)."""

    def command(*arguments: Any) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments], kernel=kernel)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def edit(file: Path, old: str, new: str) -> None:
    file.write_text(file.read_text().replace(old, new))


# up


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
    before = observe(kernel, None, "shop")
    code, out, err = run("up", file)
    assert (code, out) == (4, "")
    assert err.startswith("error: containers/web/eth0")
    assert "  hint: " in err
    assert observe(kernel, None, "shop") == before
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


# plan


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


# down


def test_down_needs_only_the_name(run: Run, file: Path) -> None:
    for arguments, before in (
        (["shop.yaml"], None),
        (["-f", "shop.yaml"], None),
        (["--name", "shop"], None),
        ([], None),
        (["shop.yaml"], "containers: [broken"),
        (["shop.yaml"], ""),
    ):
        file.write_text(LAB)
        assert run("up", "-q", file)[0] == 0
        if before is not None:
            file.write_text(before)
        assert run("down", *arguments) == (0, "Lab shop is down.\n", "")
    file.unlink()
    assert run("down", "shop.yaml") == (0, "Lab shop does not run: nothing to do.\n", "")


def test_down_says_it_in_json_or_not_at_all(run: Run, file: Path) -> None:
    run("up", file)
    assert json.loads(run("down", "--json", file)[1]) == {"lab": "shop", "removed": True}
    assert run("down", "-q", file) == (0, "", "")


def test_down_of_one_lab_leaves_the_other(run: Run, file: Path) -> None:
    run("up", "--name", "a", file)
    run("up", "--name", "b", file)
    run("down", "--name", "a")
    assert run("ls", "-q") == (0, "b\n", "")
    assert run("plan", "--check", "-q", "--name", "b", file)[0] == 0


def test_down_does_not_guess_among_several_labs(run: Run, file: Path) -> None:
    run("up", "--name", "a", file)
    run("up", "--name", "b", file)
    code, _, err = run("down")
    assert code == 3
    assert err == "error: which lab? a, b run\n  hint: say it: --name LAB, or -f FILE\n"


# ls, ps, show


def test_ls_lists_the_labs(run: Run, file: Path) -> None:
    assert run("ls") == (0, "LAB  NAMESPACE  CONTAINERS\n", "")
    assert json.loads(run("ls", "--json")[1]) == []
    run("up", file)
    assert run("ls")[1] == "LAB   NAMESPACE  CONTAINERS\nshop  topo.shop  2\n"
    assert json.loads(run("ls", "--json")[1]) == [{"containers": ["db", "web"], "name": "shop", "namespace": "topo.shop"}]


def test_ps_lists_the_containers(run: Run, file: Path, kernel: FakeKernel) -> None:
    run("up", file)
    kernel.run("shop", "topo.shop.db", 100)
    assert run("ps")[1] == (
        "CONTAINER  NAMESPACE      ADDRESSES         PROCESSES\n"
        "db         topo.shop.db   eth0=10.0.0.3/24  1\n"
        "web        topo.shop.web  eth0=10.0.0.2/24  0\n"
    )
    assert run("ps", "-q", "--name", "shop")[1] == "db\nweb\n"
    (db, _) = json.loads(run("ps", "--json", "-f", file)[1])
    assert db["processes"] == [100]
    assert db["addresses"] == [{"interface": "eth0", "ip": "10.0.0.3/24"}]


def test_show_has_both_ends_of_each_cable(run: Run, file: Path) -> None:
    run("up", file)
    data = json.loads(run("show", "--json")[1])
    web = next(container for container in data["containers"] if container["name"] == "web")
    eth0 = next(interface for interface in web["interfaces"] if interface["name"] == "eth0")
    assert eth0["mac"] == "02:42:0a:00:00:02"
    assert eth0["peer"]["name"] == "web.eth0"
    assert eth0["peer"]["namespace"] == "topo.shop"
    assert eth0["port"]["bridge"] == "front"
    assert [address["ip"] for address in eth0["addresses"]] == ["10.0.0.2/24"]
    front = next(interface for interface in data["fabric"]["interfaces"] if interface["name"] == "front")
    assert front["ports"] == ["db.eth0", "web.eth0"]
    assert front["network"] == "front"
    text = run("show")[1]
    assert "container web  namespace topo.shop.web\n" in text
    assert "port web.eth0 of bridge front" in text
    assert "default via 10.0.0.1 dev eth0" in text


@pytest.mark.parametrize("command", ["ps", "show"])
def test_a_lab_that_does_not_run_is_said(run: Run, command: str) -> None:
    code, out, err = run(command, "--name", "nobody")
    assert (code, out) == (3, "")
    assert err == "error: the lab nobody does not run\n  hint: topo up FILE starts one\n"


# exec


def test_exec_becomes_the_command(run: Run, file: Path) -> None:
    run("up", file)
    for arguments in (["web", "--", "ls", "-l", "--all"], ["--name", "shop", "web", "ls", "-l", "--all"]):
        with pytest.raises(Entered) as entered:
            run("exec", *arguments)
        assert entered.value.args == ("shop", "web", ("ls", "-l", "--all"))


def test_exec_into_nothing_is_125(run: Run, file: Path) -> None:
    assert run("exec", "web", "ls")[0] == 125
    run("up", file)
    code, _, err = run("exec", "nobody", "ls")
    assert code == 125
    assert err.startswith("error: lab shop has no container nobody")
    assert run("exec", "web", "--")[0] == 125


# config


def test_config_is_a_document_that_gives_the_same_lab(run: Run, file: Path) -> None:
    code, out, err = run("config", file)
    assert (code, err) == (0, "")
    Path("again.yaml").write_text(out)
    assert resolve(load("again.yaml")) == replace(resolve(load(file)))
    assert json.loads(run("config", "--json", file)[1]) == yaml.safe_load(out)
    assert run("config", "-q", file) == (0, "", "")


# files


def test_the_file_is_found_here_or_above(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.rename("topo.yaml")
    Path("below").mkdir()
    monkeypatch.chdir("below")
    assert run("up", "--name", "shop")[0] == 0
    assert run("plan", "--check", "-q", "--name", "shop")[0] == 0


def test_every_error_of_a_file_is_told_and_nothing_is_touched(run: Run, file: Path, kernel: FakeKernel) -> None:
    file.write_text("networks:\n  a: {subnet: 10.0.0.1/24}\n  b: {mtuu: 1}\n")
    for command in ("up", "plan", "config"):
        code, out, err = run(command, file)
        assert (code, out) == (3, "")
        assert [line for line in err.splitlines() if line.startswith("error: shop.yaml:")]
        assert err.count("error: ") == 2
    assert kernel.executed == []


def test_ctrl_c_stops_between_two_operations(run: Run, file: Path, kernel: FakeKernel, monkeypatch: pytest.MonkeyPatch) -> None:
    executed = FakeKernel.execute

    def execute(self: FakeKernel, operations: Any) -> Any:
        if len(kernel.executed) > 3:
            signal.raise_signal(signal.SIGINT)
        return executed(self, operations)

    with monkeypatch.context() as patch:
        patch.setattr(FakeKernel, "execute", execute)
        code, out, err = run("up", file)
    assert code == 130
    assert "pending" in out
    assert err == (
        "stopping after the operations under way ...\n"
        "error: interrupted\n"
        "  hint: what is done stays; `topo up` again goes on from there\n"
    )
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert not topo.plan(topo.load(file), kernel=kernel).empty
    assert run("up", file)[0] == 0


def test_ctrl_c_before_anything_is_changed_just_ends(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def observe(self: FakeKernel, scope: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(FakeKernel, "observe", observe)
    assert run("up", file) == (130, "", "interrupted\n")
