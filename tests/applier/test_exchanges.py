"""On the real kernel: what goes and what comes in one plan under one name do not meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from tests.applier.labs import state
from tests.kernel.linux.small_lab import sh
from topo.applier import apply
from topo.applier.preparation import prepared
from topo.kernel.linux import LinuxKernel, folders
from topo.objects import Object, State
from topo.objects.namespace import Namespace
from topo.objects.veth import Veth
from topo.observer import observe

pytestmark = pytest.mark.live

HEAD = "name: shop\nnetworks: {lan: {subnet: 10.0.0.0/24}, wan: {subnet: 10.1.0.0/24}}\n"
LAN_AND = "lan: {subnet: 10.0.0.0/24}, wan: {subnet: 10.1"
A_LAN, B_WAN = "a: {networks: [lan]}", "b: {networks: [wan]}"
CABLE = '\nlinks: [{endpoints: ["a:p0", "b:p0"], subnet: 10.2.0.0/31}]'


def lab(*containers: str, more: str = "") -> str:
    return f"{HEAD}containers: {{{', '.join(containers)}}}{more}"


EXCHANGES = {
    "two containers exchange what they are": (lab(A_LAN, B_WAN), lab("a: {networks: [wan]}", "b: {networks: [lan]}")),
    "one takes over from another that goes": (lab(A_LAN, B_WAN), lab("b: {networks: [lan]}")),
    "one goes, and one comes to its place": (lab(A_LAN), lab("b: {networks: [{network: lan, address: 10.0.0.2}]}")),
    "a container turns to another network": (lab(A_LAN), lab("a: {networks: [wan]}")),
    "its network goes, and it turns": (lab(A_LAN), lab("a: {networks: [wan]}").replace("lan: {subnet: 10.0.0.0/24}, ", "")),
    "a cable's end becomes a port": (lab(A_LAN, B_WAN, more=CABLE), lab("a: {networks: [{network: wan, interface: p0}]}", B_WAN)),
    "a port becomes a cable's end": (lab("a: {networks: [{network: lan, interface: p0}]}", B_WAN), lab(A_LAN, B_WAN, more=CABLE)),
    "one goes, and the others get names of each other and other addresses": (
        lab("a: {networks: [back, lan, wan]}").replace("lan: {", "back: {subnet: 10.3.0.0/24}, lan: {", 1),
        lab("a: {networks: [{network: wan, address: 10.1.0.9}, {network: back, address: 10.3.0.9}]}").replace(
            "lan: {", "back: {subnet: 10.3.0.0/24}, lan: {", 1
        ),
    ),
    "a network gets the subnet of one that goes": (
        lab(A_LAN, B_WAN),
        lab("a: {networks: [wan]}", "b: {networks: [wan]}")
        .replace("lan: {subnet: 10.0.0.0/24}, ", "")
        .replace("10.1.0", "10.0.0"),
    ),
}


@pytest.fixture
def kernel() -> Iterator[LinuxKernel]:
    real = LinuxKernel()
    yield real
    assert real.remove("shop", grace=1.0) == []


def become(kernel: LinuxKernel, text: str) -> State:
    """Applies it; what is found afterwards is what was asked for, whichever operation said that it was there already."""
    desired = state(text)
    report = apply(prepared(desired, kernel), kernel, desired=desired)
    assert report.verified, (report.failed, report.differences)
    found = observe(kernel, "shop")
    assert {key: found.objects.get(key) for key in desired.objects} == dict(desired.objects)
    assert {key for key, thing in found.objects.items() if thing.owned} == desired.objects.keys()
    return found


@pytest.mark.parametrize("way", [(0, 1), (1, 0)], ids=["there", "back"])
@pytest.mark.parametrize("name", EXCHANGES)
def test_nobody_is_taken_for_another(kernel: LinuxKernel, name: str, way: tuple[int, int]) -> None:
    for turn in way:
        become(kernel, EXCHANGES[name][turn])


@pytest.mark.parametrize("after", [lab(B_WAN), lab("b: {networks: [lan]}"), lab(A_LAN, B_WAN)])
def test_a_host_end_with_the_name_of_one_that_comes_goes_first(kernel: LinuxKernel, after: str) -> None:
    become(kernel, lab(A_LAN))
    sh("ip -n topo.shop link set a.eth0 name b.eth0")
    become(kernel, after)


def test_what_a_killed_command_left_of_a_namespace_is_no_namespace(kernel: LinuxKernel) -> None:
    become(kernel, lab(A_LAN))
    folders.namespace("topo.shop.b").touch()
    become(kernel, lab(B_WAN))


def test_a_namespace_and_a_host_end_that_come_again_are_new_ones(kernel: LinuxKernel) -> None:
    numbers = []
    for text in (lab(A_LAN, B_WAN), lab(B_WAN), lab("a: {networks: [wan]}", B_WAN)):
        numbers.append(_numbers(become(kernel, text).objects.values()))
    first, without, again = numbers
    assert without == {name: number for name, number in first.items() if name not in ("topo.shop.a", "a.eth0")}
    assert again["topo.shop"] == first["topo.shop"]
    assert again["a.eth0"] != first["a.eth0"]


def _numbers(things: Iterable[Object]) -> dict[str, int]:
    """Of namespaces the inode, of host ends the index."""
    found: dict[str, int] = {}
    for thing in things:
        if isinstance(thing, Namespace):
            found[thing.name] = thing.inode
        elif isinstance(thing, Veth):
            found[thing.peer.name] = thing.peer.index
    return found
