"""Attributes are read where they stand, also when the ones before them stood elsewhere."""

from __future__ import annotations

import pytest

from topo.kernel.linux import attributes
from topo.kernel.linux.attributes import raw, read

HEAD = b"head"


def laid_out(*said: tuple[int, bytes]) -> bytes:
    return HEAD + b"".join(raw(kind, value) for kind, value in said)


@pytest.fixture(autouse=True)
def _nothing_was_read_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attributes, "_layouts", {})


def test_several_are_in_the_order_in_which_they_are_asked_for() -> None:
    said = read(laid_out((1, b"one"), (2, b"two2"), (3, b"three")), len(HEAD))
    assert said.several((3, 1, 2)) == (b"three", b"one", b"two2")
    assert said.several((1, 2, 3)) == (b"one", b"two2", b"three")


@pytest.mark.parametrize("absent", [0, 2, 99])
def test_one_that_is_absent_is_empty_wherever_it_is_asked_for(absent: int) -> None:
    said = read(laid_out((1, b"one"), (3, b"three")), len(HEAD))
    assert said.several((absent, 3, 1)) == (b"", b"three", b"one")
    assert said.several((3, absent, 1)) == (b"three", b"", b"one")
    assert said.several((1, 3, absent)) == (b"one", b"three", b"")


def test_of_nothing_all_are_empty() -> None:
    assert read(b"").several((1, 2)) == (b"", b"")


def test_an_empty_one_is_not_the_next_one() -> None:
    assert read(laid_out((1, b""), (2, b"two")), len(HEAD)).several((1, 2)) == (b"", b"two")


def test_of_two_of_one_type_it_is_the_last() -> None:
    said = read(laid_out((1, b"first"), (2, b"two"), (1, b"last"), (3, b"three")), len(HEAD))
    assert said.several((1, 2, 3)) == (b"last", b"two", b"three") == tuple(said[kind] for kind in (1, 2, 3))


def test_what_is_laid_out_alike_is_read_alike() -> None:
    one, other = (read(laid_out((1, mine), (2, yours)), len(HEAD)) for mine, yours in ((b"a", b"bb"), (b"c", b"dd")))
    assert [said.several((2, 1)) for said in (one, other, one)] == [(b"bb", b"a"), (b"dd", b"c"), (b"bb", b"a")]


def test_what_is_as_long_and_laid_out_otherwise_is_not() -> None:
    """The second one of each pair stands where the first one was, with another type or another length."""
    first = laid_out((1, b"one"), (2, b"two2"), (3, b"3333"))
    assert read(first, len(HEAD)).several((1, 2, 3)) == (b"one", b"two2", b"3333")
    for other, expected in (
        (laid_out((1, b"one"), (3, b"two2"), (2, b"3333")), (b"one", b"3333", b"two2")),
        (laid_out((1, b"one1"), (2, b"two"), (3, b"3333")), (b"one1", b"two", b"3333")),
        (laid_out((1, b"one"), (4, b"two2"), (3, b"3333")), (b"one", b"", b"3333")),
        (laid_out((1, b"one"), (2, b"two2" + raw(3, b"3333"))), (b"one", b"two2" + raw(3, b"3333"), b"")),
    ):
        assert len(other) == len(first)
        assert read(other, len(HEAD)).several((1, 2, 3)) == expected
        assert read(first, len(HEAD)).several((1, 2, 3)) == (b"one", b"two2", b"3333")


def test_the_flags_of_a_type_are_no_part_of_it() -> None:
    """NLA_F_NESTED, NLA_F_NET_BYTEORDER."""
    assert read(laid_out((1 | 0x8000, b"one"), (2 | 0x4000, b"two")), len(HEAD)).several((1, 2)) == (b"one", b"two")


def test_what_was_read_before_is_still_what_it_was() -> None:
    """Its place is not looked up anew when it is asked for, which may be after others were read."""
    before = read(laid_out((1, b"one"), (2, b"two")), len(HEAD))
    read(laid_out((2, b"two"), (1, b"one")), len(HEAD))
    assert before.several((1, 2)) == (b"one", b"two")


def test_what_comes_by_turns_is_walked_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[bytes] = []
    walk = attributes._walked
    monkeypatch.setattr(attributes, "_walked", lambda data, at: (walked.append(data), walk(data, at))[1])
    some = [laid_out((100 + kind, b"by turns")) for kind in range(3)]
    for number in range(9):
        kind = number % 3
        assert read(some[kind], len(HEAD)).several((100 + kind, 1)) == (b"by turns", b"")
    assert walked == some
