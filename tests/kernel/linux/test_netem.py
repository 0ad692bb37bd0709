"""Options of netem and tbf: what is told to the kernel is read again, and the tables are those of tc."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from topo.kernel.linux import attributes, netem, tbf
from topo.kernel.linux.distributions import table
from topo.objects.qdisc import Qdisc
from topo.objects.queue import DISTRIBUTIONS, NETEM, TBF
from topo.objects.units import WHOLE

WIRE = Qdisc(namespace="topo.t.a", owner="containers/a", interface="p0", discipline=NETEM, delay=10**7, limit=1000)
_BEHIND_FIXED = 24
_DELAY_DIST = 2
_ECN, _SLOT = 7, 12

shares = st.integers(0, WHOLE)


def fields(thing: Qdisc) -> dict[str, object]:
    return {name: getattr(thing, name) for name in netem.decode(netem.encode(None, WIRE))}


@given(
    st.integers(0, 3600 * 10**9),
    st.integers(0, 2**31 - 1),
    st.sampled_from(DISTRIBUTIONS),
    st.one_of(st.just(()), st.tuples(shares, shares, shares, shares)),
    shares,
    st.integers(0, 125 * 10**9),
)
def test_all_comes_back(delay: int, jitter: int, shape: str, gilbert: tuple[int, ...], share: int, rate: int) -> None:
    wire = replace(WIRE, delay=delay, jitter=jitter, distribution=shape, gilbert=gilbert, rate=rate)
    wire = replace(wire, loss=share, duplicate=share // 2, corrupt=share // 3, reorder=share // 4)
    assert netem.decode(netem.encode(None, wire)) == fields(wire)


def test_an_old_kernel_says_times_in_ticks() -> None:
    fixed = netem.encode(None, replace(WIRE, jitter=640))[:_BEHIND_FIXED]
    there = attributes.read(netem.encode(None, WIRE), _BEHIND_FIXED)
    rest = b"".join(attributes.raw(kind, there[kind]) for kind in sorted(there.kinds()) if kind < 10)
    assert netem.decode(fixed + rest)["delay"] == 10**7
    assert netem.decode(fixed + rest)["jitter"] == 640


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, "uniform", False),
        (None, "normal", True),
        ("normal", "normal", False),
        ("normal", "pareto", True),
        ("pareto", "uniform", True),
    ],
)
def test_a_table_is_told_when_it_is_another_one(before: str | None, after: str, told: bool) -> None:
    old = replace(WIRE, distribution=before) if before else None
    said = attributes.read(netem.encode(old, replace(WIRE, distribution=after)), _BEHIND_FIXED)
    assert (_DELAY_DIST in said) is told


def test_what_somebody_added_is_seen_and_taken_away() -> None:
    strange = netem.encode(None, WIRE) + attributes.u32(_ECN, 1) + attributes.raw(_SLOT, bytes(39) + b"\1")
    extras = netem.decode(strange)["extras"]
    assert extras == ("ecn", "slot")
    said = attributes.read(netem.encode(replace(WIRE, extras=extras), WIRE), _BEHIND_FIXED)
    assert not any(said[_ECN])
    assert not any(said[_SLOT])


@pytest.mark.parametrize("rate", [125, 12_500_000, 2**32 - 1, 2**32, 125 * 10**9])
def test_a_rate_alone_comes_back(rate: int) -> None:
    thing = replace(WIRE, discipline=TBF, rate=rate, burst=4096, limit=65536)
    said = tbf.decode(tbf.encode(thing.rate, thing.burst, thing.limit))
    assert (said["rate"], said["limit"], said["extras"]) == (rate, 65536, ())


@pytest.mark.parametrize("name", ["normal", "pareto", "paretonormal"])
def test_the_tables_are_those_of_tc(name: str) -> None:
    files = [path for folder in ("/usr/lib/tc", "/usr/share/tc") for path in Path(folder).glob(f"{name}.dist")]
    files += list(Path("/usr/lib").glob(f"*/tc/{name}.dist"))
    if not files:
        pytest.skip("no tc(8) here")
    lines = [line for line in files[0].read_text().splitlines() if not line.startswith("#")]
    theirs = [int(number) for line in lines for number in line.split()]
    ours = array("h", table(name))
    assert len(ours) == len(theirs)
    off = sum(abs(one - other) for one, other in zip(ours, theirs, strict=True)) / len(theirs)
    assert off < 40  # 8192 is one deviation
    assert max(map(abs, ours[:4000])) <= 32767


def test_uniform_is_as_without_a_table() -> None:
    ours = array("h", table("uniform"))
    assert (min(ours), max(ours)) == (-8190, 8190)
    assert abs(sum(ours)) < 10
