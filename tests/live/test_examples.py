"""Every file of examples/ comes up, does what it is there to show, rests, and goes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.live.driving import ROOT, Topo
from tests.live.examples import CHECKS
from tests.live.outside import outside
from tests.live.reading import namespaces, shell
from topo.networks import DRIVERS

__all__ = ["outside"]

NETFILTER = "sysctl -qw net.bridge.bridge-nf-call-iptables={0} net.bridge.bridge-nf-call-arptables={0}"
FILES = sorted((ROOT / "examples").glob("*.yaml"))


def _example(file: Path) -> Any:
    """An example, with what it needs of the kernel that not every one has."""
    text = file.read_text()
    needed = [name for name in re.findall(r"^ +driver: (\w+)", text, re.MULTILINE) if DRIVERS[name].lan]
    needed += ["vlan filtering", "vlan"] if "vlan_filtering: true" in text else []
    needed += ["netem"] if file.stem == "impaired" else []
    return pytest.param(file, id=file.stem, marks=[pytest.mark.needs(*needed)] if needed else [])


def test_every_example_has_a_check() -> None:
    """In tests/live/examples.py: what a user would look at."""
    assert {file.stem for file in FILES} == set(CHECKS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_example_says_what_to_look_at(file: Path) -> None:
    head = re.match(r"(#.*\n)+", file.read_text())
    assert head
    assert f"#   topo up {file.name}" in head[0]
    assert head[0].count("\n#   ") >= 2, "and what to type then"


@pytest.mark.live
@pytest.mark.parametrize("file", [_example(file) for file in FILES])
def test_every_example_comes_up_does_it_and_goes(topo: Topo, file: Path, request: pytest.FixtureRequest) -> None:
    text = file.read_text()
    request.getfixturevalue("outside" if re.search(r"uplink: (nat|routed)|^ +ports:", text, re.MULTILINE) else "lan")
    if "bridge: br-lan" in text:
        shell("ip link add br-lan type bridge mcast_snooping 0; ip link set br-lan up; ip link set eth1 master br-lan")
        # The canary drops what is forwarded: with br_netfilter that is also what a bridge passes on.
        shell(f"{NETFILTER.format(0)} || true")
        request.addfinalizer(
            lambda: shell(f"{NETFILTER.format(1)} || true; ip link set eth1 nomaster; ip link del br-lan") and None
        )
    planned = topo.plan(text)
    assert set(planned.changes.values()) == {"create"}
    topo.up(text)
    topo.settled(text)
    assert topo.up(text).out.startswith("No changes.")
    CHECKS[file.stem](topo)
    topo.settled(text)
    topo.down()
    assert not namespaces()
