"""Labs beside each other, and two commands on one lab at the same moment."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable

import pytest

from tests.live.driving import Topo
from tests.live.labs import pair, shop
from tests.live.reading import inside, namespaces, shell

pytestmark = pytest.mark.live

# Without the operational state: the kernel settles it up to a second after the interface is up (linkwatch).
LOOK = "(ip -n topo.y.web -o link; ip -n topo.y -o link) | sed 's/ state [A-Z]*//'; ip -n topo.y.web route"


def test_two_labs_of_one_file(topo: Topo) -> None:
    file = topo.write(shop())
    topo.ok("up", "--name", "x", file)
    topo.ok("up", "--name", "y", file)
    for lab in ("x", "y"):
        assert topo.run("plan", "--check", "--name", lab, file).code == 0
        assert not inside("one", "ping -c1 -W1 10.0.0.10", lab).returncode
    before = shell(LOOK)
    topo.down("x")
    assert not namespaces("x")
    assert shell(LOOK) == before
    topo.down("y")


def test_one_lab_whose_name_begins_with_anothers(topo: Topo) -> None:
    file = topo.write(pair())
    topo.ok("up", "--name", "x", file)
    topo.ok("up", "--name", "x-1", file)
    topo.down("x")
    assert set(namespaces("x-1")) == {"topo.x-1", "topo.x-1.a", "topo.x-1.b"}
    assert topo.run("plan", "--check", "--name", "x-1", file).code == 0


def test_of_two_that_race_one_waits_and_finds_nothing_to_do(topo: Topo) -> None:
    file = topo.write(shop())
    racers = [topo.start("up", file) for _ in range(2)]
    said = [racer.communicate(timeout=60) for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0], said
    topo.settled(shop())


def test_up_and_down_race(topo: Topo) -> None:
    file = topo.write(shop())
    topo.ok("up", file)
    racers = [topo.start("down", "--name", "t"), topo.start("up", file), topo.start("up", file)]
    said = [racer.communicate(timeout=60) for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0, 0], said
    topo.ok("up", file)
    topo.settled(shop())


def test_the_lock_of_a_killed_process_is_free(topo: Topo, wait_for: Callable[..., object]) -> None:
    file = topo.write(pair())
    argv = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=flock", "-e", "inject=flock:delay_exit=60s"]
    holder = subprocess.Popen([*argv, *topo.start_argv("up", file)], cwd=topo.folder, env=topo.environment)
    wait_for(lambda: shell('grep -s "FLOCK.*:$(stat -c %i /run/topo/t/notes/lock 2>&1) " /proc/locks || true'), within=10)
    blocked = topo.run("up", file, "--lock-timeout", "0.1")
    assert blocked.code == 5, blocked
    assert blocked.err
    children = shell(f"ps -o pid= --ppid {holder.pid}").split()
    for child in children:
        shell(f"kill -9 {child}")
    holder.kill()
    holder.wait()
    topo.up(pair(), "--lock-timeout", "5")
    topo.settled(pair())


def test_down_ends_what_runs_inside(topo: Topo, wait_for: Callable[..., object]) -> None:
    topo.up(pair())
    argv = ("exec", "--name", "t", "a", "--", "sh", "-c", "trap '' TERM; echo on; sleep 60 & wait; sleep 60")
    stubborn, meek = topo.start(*argv), topo.start("exec", "--name", "t", "b", "--", "sleep", "60")
    assert stubborn.stdout
    assert stubborn.stdout.readline() == "on\n"
    wait_for(lambda: "sleep" in shell("ip netns pids topo.t.b | xargs -r ps -o comm= -p || true"), within=10)
    topo.ok("down", "--name", "t", "--timeout", "0.3")
    assert stubborn.wait(timeout=5) in (-signal.SIGKILL, -signal.SIGTERM)
    assert meek.wait(timeout=5) == -signal.SIGTERM
    stubborn.communicate()
    meek.communicate()
    assert not namespaces()


def test_an_up_that_removes_a_container_ends_its_processes(topo: Topo, wait_for: Callable[..., object]) -> None:
    topo.up(pair())
    inside_b = topo.start("exec", "--name", "t", "b", "--", "sleep", "60")
    wait_for(lambda: "sleep" in shell("ip netns pids topo.t.b | xargs -r ps -o comm= -p || true"), within=10)
    topo.up({"containers": {"a": None}})
    assert inside_b.wait(timeout=5) == -signal.SIGTERM
    inside_b.communicate()
    assert set(namespaces()) == {"topo.t", "topo.t.a"}
