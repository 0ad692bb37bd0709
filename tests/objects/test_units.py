"""What people read of a number is what they may write for it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topo.document.formats import quantities
from topo.objects.units import WHOLE, rate_words, share_of, share_words, size_words, time_words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (time_words(10_000_000), "10ms"),
        (time_words(1_500_000_000), "1.5s"),
        (time_words(250_000), "250us"),
        (time_words(0), "0ns"),
        (share_words(share_of(Decimal("0.1"))), "0.1%"),
        (share_words(share_of(Decimal("33.3"))), "33.3%"),
        (share_words(WHOLE), "100%"),
        (share_words(0), "0%"),
        (rate_words(12_500_000), "100mbit"),
        (rate_words(187_500_000), "1.5gbit"),
        (rate_words(125), "1kbit"),
        (size_words(32768), "32kb"),
        (size_words(1500), "1500b"),
        (size_words(3 << 20), "3mb"),
    ],
)
def test_as_people_write_it(words: str, said: str) -> None:
    assert words == said


@given(st.integers(1, WHOLE))
def test_a_share_comes_back(share: int) -> None:
    assert quantities.share(share_words(share)) == share


@given(st.integers(0, 3600 * 10**9))
def test_a_time_comes_back(nanoseconds: int) -> None:
    assert quantities.time(time_words(nanoseconds)) == nanoseconds


@given(st.integers(125, 125 * 10**9))
def test_a_rate_comes_back(rate: int) -> None:
    assert quantities.rate(rate_words(rate)) == rate


@given(st.integers(1, 2**31 - 1))
def test_a_size_comes_back(size: int) -> None:
    assert quantities.size(size_words(size)) == size
