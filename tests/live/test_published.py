"""Published ports: from the host, from outside, over IPv6, by UDP; with connections open; killed, and repaired."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.live.driving import Topo
from tests.live.killing import at
from tests.live.outside import outside
from tests.live.points import POINTS
from tests.live.reading import namespaces, shell
from tests.live.serving import ask, lab, serving

__all__ = ["outside"]

pytestmark = pytest.mark.live

Wait = Callable[..., Any]


def forwarder(name: str = "t") -> int:
    """The id of the lab's process; 0 when it has none. A lab of another test that runs now is on another host, so to speak."""
    argv = ["pgrep", "--ns", str(os.getpid()), "--nslist", "net", "-f", f"forwarder.main.* topo.{name}$"]
    found = subprocess.run(argv, capture_output=True, text=True, check=False)
    (pid,) = found.stdout.split() or ["0"]
    return int(pid)


def listening() -> set[str]:
    """What the host listens on: `tcp 127.0.0.1:8080`."""
    rows = (line.split() for line in shell("ss -Hlntu").splitlines())
    return {f"{row[0]} {row[4]}" for row in rows}


@contextmanager
def connected(address: str, port: int) -> Iterator[socket.socket]:
    with socket.create_connection((address, port), 5) as one:
        yield one


def said(one: socket.socket, words: bytes) -> bytes:
    one.sendall(words)
    return one.recv(1000)


def test_the_host_reaches_it_and_the_world_does_not(topo: Topo, outside: str) -> None:
    document = lab("8080:80", "53:53/udp")
    topo.up(document)
    topo.settled(document)
    assert listening() >= {"tcp 127.0.0.1:8080", "tcp [::1]:8080", "udp 127.0.0.1:53", "udp [::1]:53"}
    with serving("topo.t.web", "web", 80), serving("topo.t.web", "dns", 53):
        for address in ("127.0.0.1", "::1"):
            assert ask(address, 8080) == "web:hello"
            assert ask(address, 53, "udp") == "dns:hello"
        for address in ("192.0.2.1", "2001:db8::1"):
            assert ask(address, 8080) == ""
            assert ask(address, 8080, namespace="outside") == ""
    topo.down()
    assert not forwarder()
    assert "tcp 127.0.0.1:8080" not in listening()


def test_the_world_reaches_what_names_an_address(topo: Topo, outside: str) -> None:
    document = lab("0.0.0.0:8080:80", "[::]:8080:80", "192.0.2.1:53:53/udp", "0.0.0.0:54:53/udp", "[2001:db8::1]:55:53/udp")
    topo.up(document)
    topo.settled(document)
    with serving("topo.t.web", "web", 80), serving("topo.t.web", "dns", 53):
        for address in ("192.0.2.1", "2001:db8::1"):
            assert ask(address, 8080, namespace="outside") == "web:hello"
        assert ask("127.0.0.1", 8080) == "web:hello"
        assert ask("192.0.2.1", 53, "udp", "outside") == "dns:hello"
        assert ask("192.0.2.1", 54, "udp", "outside") == "dns:hello"
        assert ask("2001:db8::1", 55, "udp", "outside") == "dns:hello"
        assert ask("127.0.0.1", 53, "udp") == ""
    topo.down()


@pytest.mark.parametrize(
    "container",
    [
        {"networks": [{"network": "six"}]},
        {"networks": ["six", "lan"]},
        {"networks": []},
        {"networks": [], "loopback": ["10.255.0.1/32"]},
    ],
    ids=["IPv6 only", "IPv6 first", "no network", "an address on lo"],
)
def test_whatever_addresses_it_has(topo: Topo, container: dict[str, Any]) -> None:
    networks = {"lan": {"subnet": "10.0.0.0/24"}, "six": {"subnet": "fd00::/64"}}
    document = {"networks": networks, "containers": {"web": {**container, "ports": ["8080:80"]}}}
    topo.up(document)
    topo.settled(document)
    with serving("topo.t.web", "web", 80):
        assert ask("127.0.0.1", 8080) == "web:hello"
        assert ask("::1", 8080) == "web:hello"


def test_two_labs_at_once_and_one_goes(topo: Topo) -> None:
    one, other = topo.write(lab("8080:80"), "one.yaml"), topo.write(lab("8081:80"), "other.yaml")
    topo.ok("up", one, "--name", "one")
    topo.ok("up", other, "--name", "other")
    with serving("topo.one.web", "one", 80), serving("topo.other.web", "other", 80):
        assert (ask("127.0.0.1", 8080), ask("::1", 8081)) == ("one:hello", "other:hello")
        topo.ok("down", "--name", "one", "--timeout", "1")
        assert (ask("127.0.0.1", 8080), ask("::1", 8081)) == ("", "other:hello")
    topo.ok("plan", "--check", other, "--name", "other")


def test_a_taken_port_names_who_has_it_before_anything_is_made(topo: Topo) -> None:
    topo.ok("up", topo.write(lab("8080:80"), "one.yaml"), "--name", "one")
    with socket.create_server(("", 8081)):
        done = topo.run("up", topo.write(lab("8080:80", "8081:80", "192.0.2.77:8082:80")))
    assert done.code == 3
    assert "t.yaml:13:5: containers.web.ports.8080: port 8080 of the host's 127.0.0.1 is taken: the lab one publishes" in done.err
    assert f"(process {forwarder('one')})" in done.err
    assert f" listens on 0.0.0.0:8081 (process {os.getpid()})" in done.err
    assert "the host has no address 192.0.2.77" in done.err
    assert not namespaces()
    one = lab("0.0.0.0:8080:80")
    topo.ok("up", topo.write(one, "one.yaml"), "--name", "one")  # its own port is in nobody's way
    topo.ok("plan", "--check", "one.yaml", "--name", "one")
    assert "tcp 0.0.0.0:8080" in listening()
    assert "tcp 127.0.0.1:8080" not in listening()


def test_ports_come_and_go_and_no_connection_ends(topo: Topo) -> None:
    topo.up(lab("8080:80", "8081:80"))
    pid = forwarder()
    with serving("topo.t.web", "web", 80), connected("127.0.0.1", 8080) as one, connected("::1", 8081) as other:
        assert (said(one, b"1"), said(other, b"1")) == (b"web:1", b"web:1")
        edited = lab("8081:81", "8082:80")
        assert topo.plan(edited).changes == {
            "containers/web/ports/8080": "delete",
            "containers/web/ports/8081": "update",
            "containers/web/ports/8082": "create",
        }
        topo.up(edited)
        topo.settled(edited)
        assert (said(one, b"2"), said(other, b"2")) == (b"web:2", b"web:2")
        assert ask("127.0.0.1", 8080) == ""
        assert ask("127.0.0.1", 8081) == ""
        assert ask("127.0.0.1", 8082) == "web:hello"
        topo.up(lab())
        assert (said(one, b"3"), said(other, b"3")) == (b"web:3", b"web:3")
        topo.up(lab("8083:80"))
        assert ask("127.0.0.1", 8083) == "web:hello"
        assert said(one, b"4") == b"web:4"
        assert forwarder() == pid


def test_without_ports_there_is_no_process(topo: Topo, wait_for: Wait) -> None:
    topo.up(lab("8080:80"))
    assert forwarder()
    topo.up(lab())
    wait_for(lambda: not forwarder())
    topo.settled(lab())
    assert not Path("/run/topo/t/forwarder").exists()


def test_a_half_close_goes_through_and_so_does_much(topo: Topo) -> None:
    topo.up(lab("8080:80"))
    with serving("topo.t.web", "w", 80), connected("127.0.0.1", 8080) as one:
        received = bytearray()

        def receive() -> None:
            while data := one.recv(1 << 20):
                received.extend(data)

        reader = threading.Thread(target=receive)
        reader.start()
        one.sendall(b"x" * 50_000_000)
        one.shutdown(socket.SHUT_WR)
        reader.join(30)
        assert received.endswith(b"bye")
        assert received.count(b"x") == 50_000_000


def test_where_nobody_listens_the_client_is_told(topo: Topo) -> None:
    topo.up(lab("8080:80"))
    with pytest.raises(ConnectionResetError), connected("127.0.0.1", 8080) as one:
        one.recv(1)


def test_what_the_forwarder_is(topo: Topo, wait_for: Wait) -> None:
    """Under 20 MB, also with many connections; and nothing of them is left in it."""
    topo.up(lab("8080:80"))
    pid = forwarder()
    before = len(os.listdir(f"/proc/{pid}/fd"))
    with serving("topo.t.web", "web", 80):
        open_ = [socket.create_connection(("127.0.0.1", 8080), 5) for _ in range(300)]
        assert {said(one, b"hello") for one in open_} == {b"web:hello"}
        assert 300 * 2 <= len(os.listdir(f"/proc/{pid}/fd")) - before < 300 * 2 + 40
        (size,) = (line.split()[1] for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
        assert int(size) < 20_000
        for one in open_:
            one.close()
        wait_for(lambda: len(os.listdir(f"/proc/{pid}/fd")) < before + 40)
    assert os.readlink(f"/proc/{pid}/ns/net") == os.readlink("/proc/self/ns/net")


def test_killed_by_hand_it_is_drift(topo: Topo, wait_for: Wait) -> None:
    document = lab("8080:80", "53:53/udp")
    topo.up(document)
    os.kill(forwarder(), signal.SIGKILL)
    wait_for(lambda: not forwarder())
    assert topo.plan(document).changes == {"containers/web/ports/8080": "create", "containers/web/ports/53/udp": "create"}
    topo.up(document)
    topo.settled(document)
    with serving("topo.t.web", "web", 80):
        assert ask("127.0.0.1", 8080) == "web:hello"
    topo.down()


def test_one_that_does_not_answer_is_named(topo: Topo) -> None:
    topo.up(lab("8080:80"))
    pid = forwarder()
    os.kill(pid, signal.SIGSTOP)
    done = topo.run("plan", topo.write(lab("8080:80")))
    assert done.code == 1
    assert f"the forwarder of the lab t does not answer: process {pid}" in done.err
    topo.down()
    assert not forwarder()


def test_one_whose_queue_is_full_is_named(topo: Topo) -> None:
    """Each who asks leaves a connection behind, which it has not taken; there is a time in which all would have to wait."""
    topo.up(lab("8080:80"))
    os.kill(forwarder(), signal.SIGSTOP)
    left = [socket.socket(socket.AF_UNIX) for _ in range(32)]
    for one in left:
        one.setblocking(False)
        with suppress(BlockingIOError):
            one.connect("/run/topo/t/forwarder")
    topo.down()
    assert not forwarder()
    for one in left:
        one.close()


def test_another_program_in_its_place_lives_on(topo: Topo) -> None:
    topo.up(lab("8080:80"))
    os.kill(forwarder(), signal.SIGKILL)
    os.unlink("/run/topo/t/forwarder")
    code = "import socket; s = socket.socket(socket.AF_UNIX); s.bind('/run/topo/t/forwarder'); s.listen(); print(); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        told = f"process {other.pid}"
        assert told in topo.run("plan", topo.write(lab("8080:80"))).err
        assert told in topo.run("down", "t").err
        assert other.poll() is None
        other.communicate(b"\n")
    topo.down()


LOST = {
    "the folder": "rm -r /run/topo/t",
    "the fabric": "ip netns delete topo.t",
}


@pytest.mark.parametrize("what", LOST)
def test_it_goes_with_what_the_lab_is_found_by(topo: Topo, wait_for: Wait, what: str) -> None:
    topo.up(lab("8080:80"))
    shell(LOST[what])
    wait_for(lambda: not forwarder())
    topo.up(lab("8080:80"))
    topo.settled(lab("8080:80"))
    with serving("topo.t.web", "web", 80):
        assert ask("127.0.0.1", 8080) == "web:hello"


def test_a_container_that_was_replaced_is_found(topo: Topo) -> None:
    document = lab("8080:80")
    topo.up(document)
    pid = forwarder()
    with serving("topo.t.web", "old", 80), connected("127.0.0.1", 8080) as one:
        assert said(one, b"1") == b"old:1"
        shell("ip netns delete topo.t.web")
        with pytest.raises(ConnectionResetError):  # else its socket would hold what is left of the container
            said(one, b"2")
    topo.up(document)
    topo.settled(document)
    with serving("topo.t.web", "new", 80):
        assert ask("127.0.0.1", 8080) == "new:hello"
    assert forwarder() == pid


def test_one_of_a_container_that_nobody_has_any_more_goes(topo: Topo) -> None:
    topo.up(lab("8080:80"))
    shell("ip netns delete topo.t.web")
    without = {"networks": {"lan": {"subnet": "10.0.0.0/24"}}, "containers": {"db": {"networks": ["lan"]}}}
    assert topo.plan(without).changes["containers/web/ports/8080"] == "delete"
    topo.up(without)
    topo.settled(without)
    assert "tcp 127.0.0.1:8080" not in listening()


def test_it_goes_with_its_container_and_moves_to_another(topo: Topo) -> None:
    document = lab("8080:80")
    topo.up(document)
    moved = {**document, "containers": {"db": {"networks": ["lan"], "ports": ["8080:80"]}}}
    topo.up(moved)
    topo.settled(moved)
    with serving("topo.t.db", "db", 80):
        assert ask("127.0.0.1", 8080) == "db:hello"


def test_show_and_ps(topo: Topo) -> None:
    topo.up(lab("8080-8081:80-81", "0.0.0.0:53:53/udp"))
    row = topo.ok("ps", "--json", "--name", "t").json[0]
    assert row["ports"][0] == {"protocol": "tcp", "hosts": ["127.0.0.1", "::1"], "port": 8080, "to": "10.0.0.2", "target": 80}
    ports = "127.0.0.1:8080-8081->80-81/tcp, [::1]:8080-8081->80-81/tcp, 0.0.0.0:53->53/udp"
    assert topo.ok("ps", "--name", "t").out.splitlines()[1].endswith(ports)
    text = topo.ok("show", "--name", "t").out
    assert "  published on the host\n      127.0.0.1:8080, [::1]:8080 -> 10.0.0.2:80/tcp\n" in text
    assert topo.ok("show", "--json", "--name", "t").json["containers"][0]["ports"] == row["ports"]
    written = topo.ok("config", "t.yaml").out
    topo.ok("plan", "--check", topo.write(written, "again.yaml"), "--name", "t")


@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_the_next_command_goes_on(topo: Topo, point: str) -> None:
    """Of what an edit of ports does: those at the end."""
    before, after = ({**lab(*ports), "networks": {}} for ports in (("8080:80", "8081:80"), ("8081:81", "8082:80")))
    for document in (before, after):
        document["containers"]["web"]["networks"] = []
    for number in count(1, 2 if point == "message" else 1):
        topo.up(before)
        if not at(topo, point, number, "up", topo.write(after)):
            break
        topo.up(after)
        topo.settled(after)
        topo.up(before)
        at(topo, point, number, "down", "--name", "t")
        topo.run("down", "--name", "t", "--timeout", "1")
        assert not namespaces()
        assert not forwarder()
    assert number > 2 or point == "mount"


def test_a_shells_lock_is_not_held(topo: Topo) -> None:
    """What a shell has open for its commands is not open in what stays."""
    topo.write(lab("8080:80"))
    start = f"cd {topo.folder} && exec 9>lock && flock 9 && PYTHONPATH={topo.environment['PYTHONPATH']} {sys.executable} -m topo"
    shell(f"{start} up -q t.yaml")
    shell(f"flock -n {topo.folder}/lock true")
