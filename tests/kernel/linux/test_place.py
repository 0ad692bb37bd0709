"""A place: what is left for the moment when the messages are sent, and what is known of the interfaces."""

from __future__ import annotations

from functools import partial

import pytest

from topo.kernel.linux import links
from topo.kernel.linux.attributes import text
from topo.kernel.linux.indexes import Indexes
from topo.kernel.linux.links import IFF_UP, IFINFOMSG, IFLA_IFNAME, Link
from topo.kernel.linux.place import Place

WEB = "topo.t.web"


def link(index: int, name: str, flags: int = 0) -> Link:
    return links.link(IFINFOMSG.pack(0, 0, index, flags, 0) + text(IFLA_IFNAME, name), WEB)


def test_what_was_left_last_is_done_first() -> None:
    done: list[int] = []
    place = Place(WEB, "t", 0)
    for number in 1, 2, 3:
        place.later(number, partial(done.append, number))
    assert set(place.left) == {1, 2, 3}
    place.sent()
    assert (done, set(place.left)) == ([3, 2, 1], set())
    place.sent()
    assert done == [3, 2, 1]


def test_what_went_wrong_once_is_not_done_again_and_the_rest_is_still_left() -> None:
    def refuse() -> None:
        raise OSError("no")

    place, done = Place(WEB, "t", 0), list[int]()
    place.later("first", partial(done.append, 1))
    place.later("last", refuse)
    with pytest.raises(OSError, match="no"):
        place.sent()
    assert set(place.left) == {"first"}
    place.sent()
    assert done == [1]


def test_what_was_learnt_is_there_when_it_is_asked_for() -> None:
    known = Indexes()
    place = Place(WEB, "t", 0, known)
    known.learn([link(1, "lo", IFF_UP), link(7, "eth0"), link(3, "eth1", IFF_UP)])
    assert (place.index("eth0"), place.indexes.up, place.indexes.new) == (7, {"lo", "eth1"}, False)
    assert (place.indexes.take("eth2"), place.indexes.take("eth3", 3)) == (8, 4)


def test_what_is_learnt_anew_ends_what_was_known() -> None:
    known = Indexes.fresh()
    place = Place(WEB, "t", 0, known)
    known.take("eth0")
    known.learn([link(1, "lo"), link(5, "eth5")])
    assert ("eth0" in place.indexes, place.index("eth5")) == (False, 5)


def test_what_was_learnt_ends_with_what_topo_does_itself() -> None:
    """It is not taken for what there is a second time."""
    known = Indexes()
    place = Place(WEB, "t", 0, known)
    known.learn([link(1, "lo"), link(5, "eth5")])
    place.indexes.rename("eth5", "eth6")
    place.indexes.discard("lo")
    assert [name in place.indexes for name in ("lo", "eth5", "eth6")] == [False, False, True]
