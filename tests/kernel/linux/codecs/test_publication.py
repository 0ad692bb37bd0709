"""A published port is served as long as somebody wants it, and what is served is read back."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from topo.kernel.linux import folders, forwarders, namespaces, taken
from topo.kernel.linux.codecs.publication import CODEC
from topo.kernel.linux.place import Place
from topo.kernel.linux.places import Places
from topo.kernel.linux.view import View
from topo.kernel.protocol import Operation
from topo.objects import Object
from topo.objects.publication import Publication

pytestmark = pytest.mark.live

LAB = "shop"
WEB = Publication(namespace="topo.shop.web", owner="containers/web", port=8080, to="127.0.0.1", target=80)
DNS = replace(WEB, protocol="udp", port=53, hosts=("0.0.0.0",), target=53)

Wait = Callable[..., Any]


@pytest.fixture
def place() -> Iterator[Place]:
    for name in ("topo.shop", "topo.shop.web"):
        namespaces.create(name)
    with Place(None, LAB, os.open("/proc/self/ns/net", os.O_RDONLY)) as place:
        yield place
    forwarders.end(LAB)
    for name in ("topo.shop.web", "topo.shop"):
        namespaces.unpin(name)
    folders.forwarder(LAB).unlink(missing_ok=True)
    for folder in (folders.lab(LAB), folders.labs()):
        if folder.exists():
            folder.rmdir()


def perform(place: Place, before: Publication | None, after: Publication | None) -> None:
    assert CODEC.perform is not None
    CODEC.perform(Operation(1, None, before, after, (), "x"), place)


def served(*namespaces: str) -> list[Object]:
    """What the codec finds, of all namespaces or of these."""
    assert CODEC.observe is not None
    view = View(LAB, "topo.shop", links={name: [] for name in namespaces or ("topo.shop", "topo.shop.web")})
    with Places(LAB, {}) as places:
        return list(CODEC.observe(view, places))


def test_of_a_namespace_that_is_not_read_nothing_is_said(place: Place) -> None:
    perform(place, None, WEB)
    assert served("topo.shop") == []
    namespaces.unpin("topo.shop.web")
    assert served("topo.shop") == [WEB]


def test_what_is_served_is_read(place: Place) -> None:
    assert served() == []
    perform(place, None, WEB)
    perform(place, None, DNS)
    assert served() == [WEB, DNS]
    perform(place, DNS, replace(DNS, target=54))
    assert served() == [WEB, replace(DNS, target=54)]
    perform(place, WEB, None)
    perform(place, WEB, None)
    assert served() == [replace(DNS, target=54)]


def test_what_cannot_be_beside_the_new_one_goes(place: Place) -> None:
    wide = replace(WEB, hosts=("0.0.0.0",))
    perform(place, None, WEB)
    perform(place, None, wide)
    assert served() == [wide]


def test_who_starts_one_and_says_no_more_leaves_none(place: Place, wait_for: Wait) -> None:
    one = forwarders._start(LAB)
    assert one.ask("list") == []
    pid = Path("/proc") / str(_pid())
    one.close()
    wait_for(lambda: not pid.exists() and not folders.forwarder(LAB).exists())


def test_where_nobody_tells_that_something_goes_it_looks(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_for: Wait
) -> None:
    """A user may have only so many descriptors of inotify."""
    program = tmp_path / "python"
    program.write_text(
        f'#!/bin/sh\nexec strace -D -f -qq -o /dev/null -e inject=inotify_init1:error=EMFILE {sys.executable} "$@"\n'
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    perform(place, None, WEB)
    assert served() == [WEB]
    pid = Path("/proc") / str(_pid())
    folders.forwarder(LAB).unlink()
    wait_for(lambda: not pid.exists(), within=10)


def _pid() -> int:
    with forwarders._found(LAB) as found:
        assert found
        return found.pid


def test_a_request_that_makes_no_sense_changes_nothing(place: Place) -> None:
    perform(place, None, WEB)
    with forwarders._found(LAB) as one:
        assert one
        far = ("add", "tcp", "70000", "127.0.0.1", "topo.shop.web", "127.0.0.1", "80", "")
        for words in (("add", "tcp"), ("fly",), ("remove", "tcp", "x", "y"), far):
            with pytest.raises(OSError, match="not understood"):
                one.ask(*words)
    assert served() == [WEB]


def test_a_taken_port_is_found_beforehand() -> None:
    with socket.create_server(("127.0.0.1", 8080)):
        (error,) = taken.check([WEB, DNS]).values()
    assert error.message.startswith("port 8080 of the host's 127.0.0.1 is taken: ")
    assert error.message.endswith(f"listens on 127.0.0.1:8080 (process {os.getpid()})")
    assert taken.check([WEB, DNS]) == {}


def test_one_of_udp_and_one_of_both_families(place: Place) -> None:
    both = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    both.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    both.bind(("::", 53))
    error = taken.wrong(DNS)
    assert error
    assert "port 53/udp of the host's 0.0.0.0 is taken: " in error.message
    assert f"listens on [::]:53 (process {os.getpid()})" in error.message
    both.close()


@pytest.mark.parametrize("refused", [True, False])
def test_one_that_ends_while_it_is_asked_is_as_none(place: Place, monkeypatch: pytest.MonkeyPatch, refused: bool) -> None:
    """It takes the last port away, and ends, with who asks next in its queue (ECONNRESET), or in its hands."""
    path = folders.forwarder(LAB)
    path.parent.mkdir(parents=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(os.fspath(path))
    listener.listen()

    def ends(one: forwarders.Forwarder, *words: str) -> list[forwarders.Words]:
        path.unlink(missing_ok=True)
        if not refused and listener.fileno() >= 0:
            listener.accept()[0].close()
        listener.close()
        return ask(one, *words)

    ask = forwarders.Forwarder.ask
    monkeypatch.setattr(forwarders.Forwarder, "ask", ends)
    assert not served()
    perform(place, None, WEB)
    monkeypatch.undo()
    assert served() == [WEB]
