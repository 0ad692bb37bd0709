"""A host that drops what is forwarded: two rules of the lab's let it through, or a traced packet says what does not."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.live import firewalls
from tests.live.driving import Topo
from tests.live.killing import at
from tests.live.outside import forwards, outside
from tests.live.points import POINTS
from tests.live.reading import inside, shell

__all__ = ["outside"]

pytestmark = pytest.mark.live

HOSTS = {"policy": firewalls.POLICY, "docker": firewalls.DOCKER, "firewalld": firewalls.FIREWALLD}
DOORS = {"policy": "ip filter FORWARD", "docker": "ip filter DOCKER-USER", "firewalld": "inet firewalld filter_FORWARD"}


def lab(uplink: Any = "nat", **more: Any) -> dict[str, Any]:
    return {
        "networks": {"n": {"subnet": ["10.0.0.0/24", "fd00::/64"], "uplink": uplink, **more}},
        "containers": {"web": {"networks": ["n"]}},
    }


def closed() -> dict[str, Any]:
    return lab({"mode": "nat", "open_forward": False})


@contextmanager
def firewall(host: str) -> Iterator[None]:
    """Its rules are there, and whatever becomes of them, they are gone afterwards."""
    make, end = HOSTS[host]
    shell(make)
    try:
        yield
    finally:
        subprocess.run(["sh", "-c", end], check=False, capture_output=True)


def rules() -> str:
    """All of the host, without what was counted."""
    return re.sub(r"packets \d+ bytes \d+", "", shell("nft -a list ruleset"))


def reaches(address: str, name: str = "t") -> bool:
    return not inside("web", f"ping -c1 -W1 {address}", name).returncode


@pytest.mark.parametrize("host", HOSTS)
def test_it_gets_through_and_the_host_is_as_before(topo: Topo, outside: str, host: str) -> None:
    with firewall(host):
        before = rules()
        done = topo.up(lab())
        assert "drops" not in done.err
        topo.settled(lab())
        topo.up(lab())
        assert rules().count('comment "topo t"') == (4 if host == "policy" else 2)
        assert reaches(outside)
        assert host == "docker" or reaches("2001:db8::2")
        plan = topo.ok("show", "--name", "t").out
        assert f"let through by two rules in {DOORS[host]}" in plan
        topo.down()
        assert rules() == before


@pytest.mark.parametrize("host", HOSTS)
def test_the_plan_names_them(topo: Topo, outside: str, host: str) -> None:
    with firewall(host):
        (uplink,) = (change for change in topo.plan(lab()).data["changes"] if change["kind"] == "uplink")
        assert f'{DOORS[host]} iifname "topo-t" counter accept' in uplink["after"]["opened"]


@pytest.mark.parametrize("host", ["policy", "docker"])
def test_iptables_reads_them_and_says_who_made_them(topo: Topo, outside: str, host: str) -> None:
    with firewall(host):
        before = shell("iptables-save | grep -v '^#' | sed 's/\\[.*\\]//'")
        topo.up(lab())
        said = shell("iptables -S && iptables -L -n")
        door = DOORS[host].split()[-1]
        assert f'-A {door} -i topo-t -m comment --comment "topo t" -j ACCEPT' in said
        assert f'-A {door} -o topo-t -m comment --comment "topo t" -j ACCEPT' in said
        topo.down()
        assert shell("iptables-save | grep -v '^#' | sed 's/\\[.*\\]//'") == before


BY_HAND = {
    "the chain emptied": "iptables -F DOCKER-USER; iptables -A DOCKER-USER -j RETURN",
    "one rule deleted": "iptables -D DOCKER-USER 1",
    "saved and restored": "iptables-save > $T; iptables-restore < $T; rm $T",
    "one rule twice": "iptables-save > $T; iptables-restore --noflush < $T; rm $T",
    "all rules deleted, and made again": "nft delete table ip filter; {make}",
    "the chain made again": "iptables -F FORWARD; iptables -F DOCKER-USER; iptables -X DOCKER-USER; iptables -N DOCKER-USER;"
    " iptables -A FORWARD -j DOCKER-USER; iptables -A FORWARD -j DOCKER-FORWARD; iptables -A DOCKER-USER -j RETURN",
    "everything deleted": "nft flush ruleset; nft add table inet foreign; {make}",
}


@pytest.mark.parametrize("what", BY_HAND)
def test_what_is_changed_by_hand_is_seen_and_repaired(topo: Topo, outside: str, what: str) -> None:
    foreign = shell("nft list table inet foreign")
    with firewall("docker"):
        topo.up(lab())
        command = BY_HAND[what].replace("{make}", HOSTS["docker"][0]).replace("$T", str(topo.folder / "saved"))
        shell(command)
        try:
            assert not topo.plan(lab()).empty
            topo.up(lab())
            topo.settled(lab())
            assert reaches(outside)
            assert shell("iptables -S DOCKER-USER").count("topo-t") == 2
            topo.down()
            assert shell("iptables -S DOCKER-USER") == "-N DOCKER-USER\n-A DOCKER-USER -j RETURN\n"
        finally:
            if what == "everything deleted":
                shell(f"nft delete table inet foreign; nft -f - <<'RULES'\n{foreign}\nRULES")


def test_other_rules_in_the_chain_are_kept_and_keep_their_place(topo: Topo, outside: str) -> None:
    with firewall("docker"):
        shell(
            "iptables -I DOCKER-USER -s 198.51.100.7 -m comment --comment 'topo tt' -j DROP;"
            " iptables -I DOCKER-USER -i topo-t -j LOG"
        )
        before = rules()
        topo.up(lab())
        shell("iptables -I DOCKER-USER -d 203.0.113.9 -j DROP")
        topo.settled(lab())
        topo.down()
        shell("iptables -D DOCKER-USER -d 203.0.113.9 -j DROP")
        assert rules() == before


def test_two_labs_have_two_each(topo: Topo, outside: str) -> None:
    file = topo.write(lab())
    with firewall("docker"):
        before = rules()
        topo.ok("up", "--name", "x", file)
        topo.ok("up", "--name", "y", file)
        assert reaches(outside, "x")
        assert reaches(outside, "y")
        topo.ok("down", "--name", "x")
        assert reaches(outside, "y")
        topo.ok("plan", "--check", "--name", "y", file)
        topo.ok("down", "--name", "y")
        assert rules() == before


def test_it_comes_and_goes_with_the_file_and_the_firewall(topo: Topo, outside: str) -> None:
    topo.up(lab())
    with firewall("docker"):
        before = rules()
        assert topo.run("up", topo.write(lab("none"))).code == 0
        assert 'comment "topo t"' not in rules()
        topo.up(lab())
        assert rules().count('comment "topo t"') == 2
        assert topo.run("up", topo.write(closed())).code == 6
        assert 'comment "topo t"' not in rules()
        topo.up(lab())
        shell("iptables -P FORWARD ACCEPT")
        assert not topo.plan(lab()).empty
        topo.up(lab())
        topo.settled(lab())
        shell("iptables -P FORWARD DROP")
        topo.down()
        assert rules().splitlines()[:3] == [line for line in before.splitlines() if "topo-t" not in line][:3]


@pytest.mark.parametrize("point", POINTS)
def test_killed_on_the_way(topo: Topo, outside: str, point: str) -> None:
    file = topo.write(lab())
    with firewall("docker"):
        before = rules()
        for number in range(1, 1000, 7):
            if not at(topo, point, number, "up", file):
                break
            if number % 3 == 1:
                topo.up(lab())
                topo.settled(lab())
                assert reaches(outside)
            topo.run("down", "--name", "t", "--timeout", "1")
            assert rules() == before
        for number in range(1, 1000, 2):
            topo.up(lab())
            if not at(topo, point, number, "down", "--name", "t"):
                break
            topo.run("down", "--name", "t", "--timeout", "1")
            assert rules() == before


@pytest.mark.parametrize("host", HOSTS)
def test_without_them_a_traced_packet_says_what_drops(topo: Topo, outside: str, host: str) -> None:
    """The lab is up; what is to be typed helps, and does not come from topo."""
    with firewall(host):
        before = rules()
        done = topo.run("up", topo.write(closed()))
        assert done.code == 6, done
        assert "the lab is up, but nothing gets out of the lab" in done.err
        assert " ".join(DOORS[host].split()[:2]) in done.err
        assert topo.run("ls", "--json").json
        assert "topo_probe" not in rules()
        assert topo.run("up", topo.write(closed())).code == 6, "as long as it is so"
        if host == "firewalld":
            assert re.search(r"rule with handle \d+ of the chain inet firewalld filter_FORWARD drops it", done.err)
            assert "firewall-cmd --zone=trusted --add-interface=topo-t" in done.err
        else:
            shell("; ".join(re.findall(r"nft insert rule [^;]*", done.err.rpartition("hint: ")[2])))
            assert topo.run("up", topo.write(closed())).code == 0
            assert reaches(outside)
        topo.down()
        assert host != "firewalld" or rules() == before


def test_a_rule_that_drops_all_the_same_is_named(topo: Topo, outside: str) -> None:
    """Its table, its chain, its handle; and what is typed puts a rule before it."""
    shell(f"ip route add default via {outside}")
    with firewall("docker"):
        shell("nft add table inet mine; nft add chain inet mine far; nft add rule inet mine far oifname out0 counter drop")
        shell("nft 'add chain inet mine fwd_ { type filter hook forward priority 20 ; }'; nft add rule inet mine fwd_ jump far")
        try:
            done = topo.run("up", topo.write(lab()), "--json")
            assert done.code == 6
            (obstacle,) = done.json["report"]["obstacles"]
            handle = re.search(r"drop # handle (\d+)", shell("nft -a list chain inet mine far"))
            assert handle
            assert f"rule with handle {handle[1]} of the chain inet mine far drops it" in obstacle["error"]
            shell(obstacle["hint"].removeprefix("type: "))
            topo.up(lab())
            assert reaches(outside)
        finally:
            shell("nft delete table inet mine")


@pytest.mark.parametrize(
    ("hook", "rule"),
    [
        ("prerouting priority -300", "tcp dport 443 drop"),
        ("postrouting priority 2147483645", 'oifname "out0" drop'),
        ("postrouting priority 300", "meta l4proto tcp counter drop"),
    ],
)
def test_whichever_hook_it_is_in(topo: Topo, outside: str, hook: str, rule: str) -> None:
    shell(f"ip route add default via {outside}")
    shell(f"nft add table ip mine; nft 'add chain ip mine c {{ type filter hook {hook} ; }}'; nft add rule ip mine c {rule}")
    try:
        done = topo.run("up", topo.write(lab()))
        assert done.code == 6
        assert "of the chain ip mine c drops it" in done.err
    finally:
        shell("nft delete table ip mine")


def test_routed_is_tried_with_its_own_addresses(topo: Topo, outside: str) -> None:
    shell("nft add table ip mine; nft 'add chain ip mine c { type filter hook forward priority 0 ; }'")
    shell("nft add rule ip mine c ip saddr 10.0.0.0/24 drop")
    try:
        topo.up(lab())
        assert topo.run("up", topo.write(lab("routed"))).code == 6
    finally:
        shell("nft delete table ip mine")


def test_what_is_no_rule_of_nftables_is_told_from_it(topo: Topo, outside: str) -> None:
    """iptables-legacy has a table of its own kind, which no trace shows."""
    if subprocess.run(["iptables-legacy", "-P", "FORWARD", "DROP"], check=False, capture_output=True).returncode:
        pytest.skip("this kernel has no ip_tables, so that nothing can drop by it")
    try:
        done = topo.run("up", topo.write(lab()))
        assert done.code == 6
        assert "by no rule of nftables" in done.err
        assert "iptables-legacy -S FORWARD" in done.err
    finally:
        shell("iptables-legacy -P FORWARD ACCEPT; rm -f /run/xtables.lock")
    assert topo.run("up", topo.write(lab())).code == 0


def test_who_traces_other_packets_is_not_heard(topo: Topo, outside: str) -> None:
    shell("nft add table inet mine; nft 'add chain inet mine out { type filter hook output priority -400 ; }'")
    shell("nft add rule inet mine out meta nftrace set 1; nft add rule inet mine out ip daddr 192.0.2.9 drop")
    ping = subprocess.Popen(["ping", "-i", "0.002", "192.0.2.9"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        topo.up(lab())
        for _ in range(5):
            topo.up(lab())
    finally:
        ping.kill()
        ping.wait()
        shell("nft delete table inet mine")


def test_no_packet_leaves_the_host(topo: Topo, outside: str) -> None:
    # The host itself says now and then what multicast groups it is in: what is tried is TCP.
    for words in (
        "table inet seen",
        "chain inet seen incoming { type filter hook prerouting priority -300; }",
        "rule inet seen incoming meta l4proto tcp counter",
    ):
        shell(f"ip netns exec outside nft 'add {words}'")
    for _ in range(4):
        topo.up(lab())
    assert "counter packets 0 bytes 0" in shell("ip netns exec outside nft list chain inet seen incoming")
    assert "topo_probe" not in rules()


def test_a_table_that_a_process_has_for_itself_is_left_alone(topo: Topo, outside: str) -> None:
    """As newer firewalld's: the kernel lets nobody else change it."""
    script = (
        "add table inet firewalld { flags owner; }; add chain inet firewalld filter_FORWARD"
        " { type filter hook forward priority 10; policy drop; };"
    )
    with subprocess.Popen(["nft", "-i"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as nft:
        assert nft.stdin
        nft.stdin.write(script.replace("};", "}\n").replace("; add", "\nadd"))
        nft.stdin.flush()
        try:
            for _ in range(200):
                if "filter_FORWARD" in shell("nft list ruleset"):
                    break
            done = topo.run("up", topo.write(lab()))
            assert done.code == 6, done
            assert "inet firewalld filter_FORWARD" in done.err
            topo.down()
        finally:
            nft.stdin.close()
            nft.wait(5)


def test_forwards_is_put_back(topo: Topo, outside: str) -> None:
    with firewall("docker"):
        topo.up(lab())
        assert forwards("out0")
        topo.down()
        assert not forwards("out0")
