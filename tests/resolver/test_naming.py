from __future__ import annotations

import pytest

from tests.resolver.given import found, resolved, told
from topo.objects import mark
from topo.objects.bridge import Bridge
from topo.objects.veth import Veth
from topo.resolver import naming

LONG = "a-network-with-a-long-name"


def test_names_that_do_not_fit_are_cut_and_hashed() -> None:
    state = resolved(
        f"networks: {{{LONG}: , {LONG}2: }}\n"
        f"containers: {{container-x: {{networks: [{LONG}]}}, container-y: {{networks: [{LONG}]}}}}"
    )
    bridges = [found(state, f"networks/{name}", Bridge).name for name in (LONG, f"{LONG}2")]
    ports = [found(state, f"containers/{name}/eth0", Veth).peer.name for name in ("container-x", "container-y")]
    assert all(name.startswith("a-networ~") and len(name) == 15 for name in bridges)
    assert all(name.startswith("containe~") and len(name) == 15 for name in ports)
    assert len({*bridges, *ports}) == 4
    assert found(state, "containers/container-x/eth0", Veth).peer.master == bridges[0]


def test_a_name_of_fifteen_stays() -> None:
    assert found(resolved("networks: {a-network-of-15: }"), "networks/a-network-of-15", Bridge).name == "a-network-of-15"


def test_the_device_of_default_is_its_own() -> None:
    state = resolved("networks: {default: , default0: }")
    assert found(state, "networks/default", Bridge).name == "default0"
    assert found(state, "networks/default0", Bridge).name != "default0"


def test_marks_are_those_of_what_they_are_for() -> None:
    state = resolved("containers: {a: {networks: [default, default]}}")
    first, second = (found(state, f"containers/a/{name}", Veth) for name in ("eth0", "eth1"))
    assert (first.end.mark, second.end.mark) == (mark.of_attachment("default", 0), mark.of_attachment("default", 1))
    assert first.peer.mark == second.peer.mark == mark.of_lab("t")
    assert found(state, "networks/default", Bridge).mark == mark.of_network("default")


def test_marks_that_meet_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    few = iter(range(1000))
    monkeypatch.setattr(naming.mark, "of_network", lambda network: mark.of_lab("t"))
    monkeypatch.setattr(naming.mark, "of_attachment", lambda network, ordinal: 0x74000002)
    monkeypatch.setattr(naming.mark, "of_link", lambda one, other, ordinal: 0x74000002)
    monkeypatch.setattr(naming.mark, "group", lambda text: 0x74000000 + 2 * (next(few) // 2))
    state = resolved("""\
        networks: {n: , m: }
        containers: {a: {networks: [n, m]}, b: {networks: [n, m]}}
        links: [{endpoints: ["a:p0", "b:p0"]}, {endpoints: ["a:p1", "b:p1"]}]
        """)
    marks = [thing.key for thing in state.objects.values() if isinstance(thing, Veth | Bridge)]
    assert len(set(marks)) == 8
    assert mark.of_lab("t") not in {thing.mark for thing in state.objects.values() if isinstance(thing, Bridge)}


def test_an_interface_has_one_name_and_a_name_one_interface() -> None:
    text = "networks: {n: , m: }\ncontainers:\n  a:\n    networks:\n      - {network: n, interface: eth1}\n      - m\n"
    assert [place for place, _ in told_or_read(text)] == ["6:9"]


def told_or_read(text: str) -> list[tuple[str, str]]:
    """What is wrong, whoever says so: a document's own rooms may be first."""
    from topo.errors import DocumentErrors

    try:
        return told(text)
    except DocumentErrors as caught:
        return [(f"{error.where.line}:{error.where.column}", error.code) for error in caught.errors if error.where]
