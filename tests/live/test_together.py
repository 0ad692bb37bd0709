"""A lab of so many containers that two processes read it is read as one process reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import asdict

from tests.live.driving import Topo
from tests.live.reading import shell
from tests.world.waiting import wait_for
from topo.kernel.linux import LinuxKernel, together
from topo.kernel.protocol import Scope

pytestmark = pytest.mark.live

CONTAINERS = 160


def many() -> dict[str, Any]:
    """Cables, too: from what the one process reads to what the other one reads."""
    names = [f"c{number:03}" for number in range(CONTAINERS)]
    ends = zip(names[:20], reversed(names), strict=False)
    return {
        "networks": {"lan": {"subnet": ["10.0.0.0/16", "fd00::/64"]}},
        "containers": {name: {"networks": ["lan"]} for name in names},
        "links": [{"endpoints": [f"{one}:p0", f"{other}:p0"], "subnet": f"10.9.{n}.0/31"} for n, (one, other) in enumerate(ends)],
    }


class Sharing:
    """Stands in the place of `together.shared`: no piece is begun here before one is done elsewhere. `here` is what was."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark
        self._shared = together.shared
        self.pieces = 0
        self.here = 0

    def __call__(self, pieces: Sequence[Any], here: Callable[[Any], Any], elsewhere: Callable[[Any], Any], kind: Any) -> Any:
        self._mark.unlink(missing_ok=True)

        def one_here(piece: Any) -> Any:
            wait_for(self._mark.exists, why="the other process to read")
            self.here += 1
            return here(piece)

        def one_elsewhere(piece: Any) -> Any:
            done = elsewhere(piece)
            self._mark.touch()
            return done

        self.pieces += len(pieces)
        return self._shared(pieces, one_here, one_elsewhere, kind)


def everything(**scope: Any) -> list[tuple[Any, dict[str, Any]]]:
    """Every object in its order, with what is not compared, too: indexes and states."""
    return [(key, asdict(thing)) for key, thing in LinuxKernel().observe(Scope("t", **scope)).objects.items()]


@pytest.fixture
def sharing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sharing:
    found = Sharing(tmp_path / "mark")
    monkeypatch.setattr(together, "shared", found)
    return found


def is_at_rest() -> bool:
    """Whether the kernel has ended what it does by itself: it takes apart what was deleted, and says of a port that it forwards
    when it has looked at its carrier (linkwatch_event)."""
    ports = {port["ifname"]: port["state"] for port in json.loads(shell("bridge -n topo.t -j link show"))}
    return "c080.eth0" not in ports and set(ports.values()) == {"forwarding"}


def read() -> list[Any]:
    """All of it; half of it; all, but of the neighbours two."""
    half = frozenset(f"topo.t.c{number:03}" for number in range(0, CONTAINERS, 2))
    two = {"topo.t.c009": [("eth0", "10.0.0.1"), ("eth0", "fd00::1")]}
    return [everything(), everything(namespaces=half), everything(neighbours=two)]


def test_it_is_read_as_by_one(topo: Topo, sharing: Sharing, monkeypatch: pytest.MonkeyPatch) -> None:
    topo.up(many())
    shell("ip -n topo.t.c150 address add 192.0.2.1/24 dev eth0; ip -n topo.t.c007 link set p0 down; ip netns delete topo.t.c080")
    wait_for(is_at_rest)
    monkeypatch.setattr(together, "can_share", lambda: True)
    by_two = read()
    shared = sharing.pieces
    assert 0 < sharing.here < shared
    monkeypatch.setattr(together, "can_share", lambda: False)
    assert read() == by_two
    assert sharing.pieces == shared
    assert len({len(each) for each in by_two}) == 3
