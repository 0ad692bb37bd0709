"""A file becomes a lab, as iproute2 sees it; a second time there is nothing to do; down leaves nothing."""

from __future__ import annotations

import json

import pytest

from tests.live.driving import Topo
from tests.live.labs import pair, shop
from tests.live.reading import addresses, inside, ip, links, namespaces, routes, shell

pytestmark = pytest.mark.live


def test_two_containers_are_docker0(topo: Topo) -> None:
    topo.up(pair())
    assert set(namespaces()) == {"topo.t", "topo.t.a", "topo.t.b"}
    bridge = links("topo.t")["default0"]
    assert bridge["linkinfo"]["info_kind"] == "bridge"
    assert addresses("topo.t", "default0") == {"172.17.0.1/16"}
    eth0 = links("topo.t.a")["eth0"]
    assert eth0["address"] == "02:42:ac:11:00:02"
    assert eth0["ifindex"] == 2
    assert addresses("topo.t.a", "eth0") == {"172.17.0.2/16"}
    assert routes("topo.t.b") == {"default 172.17.0.1 eth0", "172.17.0.0/16 eth0"}
    assert links("topo.t")["a.eth0"]["master"] == "default0"
    assert not inside("a", "ping -c1 -W1 172.17.0.3").returncode
    assert not inside("a", "ping -c1 -W1 172.17.0.1").returncode


def test_they_know_each_other_by_name(topo: Topo) -> None:
    topo.up(pair())
    done = topo.ok("exec", "--name", "t", "a", "--", "ping", "-c1", "-W1", "b")
    assert "172.17.0.3" in done.out
    assert topo.run("exec", "--name", "t", "b", "--", "sh", "-c", "exit 7").code == 7
    assert topo.run("exec", "--name", "t", "b", "--", "no-such-program").code == 127


def test_the_plan_of_nothing_lists_everything(topo: Topo) -> None:
    changes = topo.plan(shop()).changes
    expected = {
        *("lab/fabric", "lab/firewall", "networks/front", "networks/front/10.0.0.1/24", "networks/back"),
        *("containers/web", "containers/web/eth0", "containers/web/eth0/10.0.0.10/24", "containers/web/lo"),
        *("containers/web/routes/default", "containers/web/routes/198.51.100.0/24", "containers/web/lo/10.255.0.1/32"),
        *("containers/web/sysctls/net.ipv4.ip_default_ttl", "containers/web/p0", "containers/web/p0/10.2.0.0/31"),
    }
    assert not expected - set(changes)


@pytest.mark.vm
def test_both_families_and_the_cable(topo: Topo) -> None:
    topo.up(shop())
    assert {"10.0.0.10/24", "fd00::2/64"} <= addresses("topo.t.web", "eth0")
    assert not inside("one", "ping -c1 -W1 fd00::1").returncode
    assert not inside("one", "ping -c1 -W1 10.0.0.10").returncode
    assert not inside("web", "ping -c1 -W1 10.2.0.1").returncode
    assert not inside("web", "ping -c1 -W1 10.255.0.1").returncode
    assert inside("web", "cat /proc/sys/net/ipv4/ip_default_ttl").stdout == "99\n"


@pytest.mark.vm
def test_no_tentative_address_and_no_link_local_of_the_kernels(topo: Topo) -> None:
    topo.up(shop())
    for namespace in namespaces():
        for link in ip(namespace, "address show"):
            for item in link["addr_info"]:
                assert not item.get("tentative")
                assert item.get("protocol") not in ("kernel_ll", "kernel_ra")
    assert not [item for link in ip("topo.t", "address show dev web.eth0") for item in link["addr_info"]]


def test_every_printing_command_speaks_json(topo: Topo) -> None:
    file = topo.write(shop())
    topo.ok("up", file)
    for argv in (["ps", "--name", "t"], ["ls"], ["show", "--name", "t"], ["config", file], ["plan", file]):
        json.loads(topo.ok(*argv, "--json").out)
        assert topo.ok(*argv).out


def test_up_and_down_again_and_again(topo: Topo) -> None:
    for _ in range(5):
        topo.up(pair())
        topo.down()
        assert not namespaces()


def test_down_of_a_lab_that_does_not_run_is_said(topo: Topo) -> None:
    done = topo.run("down", "--name", "nothing")
    assert done.code in (0, 3)
    assert "Traceback" not in done.err


def test_notes_are_not_needed(topo: Topo) -> None:
    topo.up(shop())
    edited = shop()
    edited["containers"]["web"]["networks"][0]["address"] = "10.0.0.11"
    with_notes = topo.run("plan", topo.write(edited), "--json").out
    shell("rm -rf /run/topo/t/notes")
    assert topo.run("plan", topo.write(edited), "--json").out == with_notes


@pytest.mark.vm
def test_a_saved_plan_is_applied_once(topo: Topo) -> None:
    topo.up(pair())
    edited = pair()
    edited["containers"]["c"] = None
    topo.ok("plan", topo.write(edited), "-o", "plan.json")
    topo.ok("up", "--plan", "plan.json")
    topo.settled(edited)
    done = topo.run("up", "--plan", "plan.json")
    assert done.code == 4, done


def test_the_host_shows_nothing_of_it(topo: Topo) -> None:
    before = shell("ip -o link; ip -o address; ip route; nft list ruleset")
    topo.up(shop())
    assert shell("ip -o link; ip -o address; ip route; nft list ruleset") == before
