"""Ctrl-C: `up` stops between two operations and says what is done and what is pending; `down` finishes."""

from __future__ import annotations

import pytest

from tests.live.driving import Topo
from tests.live.killing import counted, interrupted
from tests.live.labs import shop
from tests.live.reading import namespaces

pytestmark = pytest.mark.live


def test_up_says_what_is_pending(topo: Topo) -> None:
    file = topo.write(shop())
    sends = counted(topo, "up", file)["sendto"] or counted(topo, "up", file)["sendmsg"]
    topo.down()
    codes = set()
    for number in range(1, sends, max(1, sends // 6)):
        for call in ("sendto", "sendmsg"):
            done = interrupted(topo, call, number, "up", file)
            codes.add(done.code)
            assert done.code in (0, 130), done
            assert "Traceback" not in done.err
            if done.code == 130 and namespaces():
                assert "pending" in done.out + done.err
            topo.up(shop())
            topo.settled(shop())
            topo.down()
    assert 130 in codes


def test_down_finishes(topo: Topo) -> None:
    file = topo.write(shop())
    for call in ("sendto", "sendmsg", "umount2", "unlink"):
        topo.ok("up", file)
        done = interrupted(topo, call, 2, "down", "--name", "t")
        assert done.code in (0, 130), done
        assert not namespaces()
