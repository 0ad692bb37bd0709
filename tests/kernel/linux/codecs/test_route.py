"""Several routes of one key: each is seen, and each can be changed and deleted without the others."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.kernel.linux.small_lab import WEB, ip, run, seen, sh
from topo.kernel.linux import LinuxKernel
from topo.objects.route import Route

pytestmark = pytest.mark.live

DEFAULT = Route(namespace=WEB, owner="containers/web", to="0.0.0.0/0", via="172.17.0.1", interface="eth0")
OTHER = "default via 172.17.0.9 dev eth0"


def routes(kernel: LinuxKernel) -> dict[str, Route]:
    """copy -> the default routes that topo made."""
    things = [thing for thing in seen(kernel).values() if isinstance(thing, Route) and thing.namespace == WEB]
    return {thing.copy: thing for thing in things if thing.to == DEFAULT.to and thing.owned}


def ways() -> list[tuple[str, str]]:
    """(gateway, protocol) of the default routes, in the kernel's order."""
    return [(route["gateway"], route["protocol"]) for route in ip(WEB, "route show default")]


@pytest.mark.parametrize(("verb", "copy"), [("append", "via 172.17.0.9 dev eth0"), ("prepend", "via 172.17.0.1 dev eth0")])
def test_a_second_one_is_a_copy_and_goes_alone(kernel: LinuxKernel, verb: str, copy: str) -> None:
    sh(f"ip -n {WEB} route {verb} {OTHER} proto 116")
    found = routes(kernel)
    assert found.keys() == {"", copy}
    assert run(kernel, [(found[copy], None)]) == []
    assert routes(kernel) == {"": found[""]}


def test_one_that_changes_leaves_the_others(kernel: LinuxKernel) -> None:
    sh(f"ip -n {WEB} route prepend {OTHER} proto bird", f"ip -n {WEB} route append default via 172.17.0.8 proto 116")
    assert run(kernel, [(DEFAULT, replace(DEFAULT, via="172.17.0.7"))]) == []
    assert sorted(ways()) == [("172.17.0.7", "116"), ("172.17.0.8", "116"), ("172.17.0.9", "bird")]


def test_one_that_gets_a_source_is_still_one(kernel: LinuxKernel) -> None:
    assert run(kernel, [(DEFAULT, replace(DEFAULT, source="172.17.0.2"))]) == []
    assert ways() == [("172.17.0.1", "116")]
    assert routes(kernel)[""].source == "172.17.0.2"


def test_a_copy_of_another_type(kernel: LinuxKernel) -> None:
    sh(f"ip -n {WEB} route append blackhole default proto 116")
    found = routes(kernel)
    assert found.keys() == {"", "blackhole"}
    assert run(kernel, [(found["blackhole"], None)]) == []
    assert ways() == [("172.17.0.1", "116")]
