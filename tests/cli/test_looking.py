"""`topo ls`, `ps` and `show`: what runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from topo.kernel.fake import FakeKernel


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
        "CONTAINER  NAMESPACE      ADDRESSES         PROCESSES  PORTS\n"
        "db         topo.shop.db   eth0=10.0.0.3/24  1          -\n"
        "web        topo.shop.web  eth0=10.0.0.2/24  0          -\n"
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
def test_a_lab_is_named_by_its_file(run: Run, file: Path, tmp_path: Path, command: str) -> None:
    """As it is for `up`, `plan` and `down`, also where another lab runs beside it."""
    run("up", file)
    alone = run(command)
    other = tmp_path / "other.yaml"
    other.write_text("containers: {a: }\n")
    run("up", str(other))
    assert run(command)[0] != 0
    assert run(command, file) == run(command, "--file", file) == alone
    code, _, err = run(command, file, "-f", str(other))
    assert code != 0
    assert "two files" in err


@pytest.mark.parametrize("command", ["ps", "show"])
def test_a_lab_that_does_not_run_is_said(run: Run, command: str) -> None:
    code, out, err = run(command, "--name", "nobody")
    assert (code, out) == (3, "")
    assert err == "error: the lab nobody does not run\n  hint: topo up FILE starts one\n"
