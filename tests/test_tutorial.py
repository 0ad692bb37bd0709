"""docs/container-networking.md is done, in examples/, command by command: what it shows is what comes.

`TOPO_PAGES=write pytest tests/test_tutorial.py` puts the answers of today in their place.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.driving import ROOT
from tests.live.outside import policy
from tests.live.pages import BLOCK, UNSETTLED, differences, installed, steady
from tests.live.reading import shell

PAGE = ROOT / "docs" / "container-networking.md"

FOUNDING = (
    *("What a network is for", "docker0", "own namespace", "veth pairs", "`ip link`", "`ip addr`", "Same network", "Equal MACs"),
    *("Different networks", "router", "Several networks", "Custom networks", "host", "macvlan", "Overlay", "outside"),
    "From here",
)
"""What the page tells, in this order."""


@pytest.fixture
def examples(tmp_path: Path) -> Iterator[Path]:
    """Where the page is read: a copy of examples/, on a host on which nobody drops what is forwarded."""
    folder = tmp_path / "examples"
    shutil.copytree(ROOT / "examples", folder)
    policy("accept")
    with installed(folder):
        yield folder
    policy("drop")
    shell("ip link delete eth1 2>/dev/null || true; ip netns delete outside 2>/dev/null || true")


@pytest.mark.live
def test_what_the_page_shows_is_what_comes(examples: Path) -> None:
    assert not differences(PAGE, examples)


def test_it_tells_all_of_it_in_order() -> None:
    heads = re.findall(r"^## (.*)$", PAGE.read_text(), re.M)
    assert len(heads) == len(FOUNDING)
    assert not [(head, word) for head, word in zip(heads, FOUNDING, strict=True) if word not in head]


def test_nothing_that_it_shows_goes_unasked() -> None:
    """Every block is of a language that is done."""
    text = PAGE.read_text()
    assert text.count("```") == 2 * len(BLOCK.findall(text))


def test_what_is_not_yet_plugged_in_is_asked_again() -> None:
    """And lo, which has no cable, is as it is."""
    assert UNSETTLED.search("3: a.eth0@if2: <NO-CARRIER,BROADCAST,UP> mtu 1500 state LOWERLAYERDOWN group 7")
    assert UNSETTLED.search("1: lo: <UP> state UNKNOWN\n2: eth0@if3: <BROADCAST,UP> mtu 1500 qdisc noqueue state UNKNOWN group 7")
    assert UNSETTLED.search("eth1@if2         LOWERLAYERDOWN 02:0a:00:00:00:01 <NO-CARRIER,BROADCAST,MULTICAST,UP>")
    assert not UNSETTLED.search("1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default")
    assert not UNSETTLED.search("3: a.eth0@if2: <BROADCAST,UP,LOWER_UP> mtu 1500 master default0 state forwarding priority 32")


def test_only_what_varies_is_let_pass() -> None:
    one = "64 bytes from b: icmp_seq=1 ttl=64 time=0.073 ms\nnet:[4026532316]\nnet:[4026532385]\nnet:[4026532316]\n"
    assert steady(one) == steady(one.replace("0.073", "1.2").replace("4026532385", "77"))
    for was, is_ in ("ttl=64", "ttl=63"), ("4026532385", "4026532316"), ("from b", "from c"):
        assert steady(one) != steady(one.replace(was, is_))
