"""Sysctls: written in the container alone, known as topo's, and given back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from topo.errors import KernelError
from topo.kernel.linux import namespaces, remove, sysctls
from topo.kernel.linux.codecs.sysctl import CODEC
from topo.kernel.linux.place import Place
from topo.kernel.protocol import Operation, Scope
from topo.objects.sysctl import Sysctl

pytestmark = pytest.mark.live

LAB, WEB = "tuned", "topo.tuned.web"
FORWARD = "net.ipv4.ip_forward"


@pytest.fixture
def place() -> Iterator[Place]:
    namespaces.create(WEB)
    with Place(WEB, LAB, namespaces.open(WEB)) as place:
        yield place
    assert remove.remove(LAB) == []


def sysctl(name: str, value: str = "1") -> Sysctl:
    return Sysctl(namespace=WEB, owner="containers/web", name=name, value=value)


def create(place: Place, name: str, value: str) -> None:
    assert CODEC.perform is not None
    CODEC.perform(Operation(1, WEB, None, sysctl(name, value), (), "x"), place)


def delete(place: Place, name: str) -> None:
    assert CODEC.perform is not None
    CODEC.perform(Operation(1, WEB, sysctl(name), None, (), "x"), place)


def found(place: Place) -> dict[str, str]:
    assert CODEC.observe is not None
    with place.entered():
        things = [thing for thing in CODEC.observe(place, Scope(LAB)) if isinstance(thing, Sysctl)]
    assert {thing.owner for thing in things} <= {"containers/web"}
    return {thing.name: thing.value for thing in things}


def test_what_is_written_is_read_with_its_white_space_folded(place: Place) -> None:
    create(place, "net.ipv4.tcp_rmem", "4096 131072 6291456")
    assert found(place) == {"net.ipv4.tcp_rmem": "4096 131072 6291456"}


def test_only_what_was_written_is_an_object(place: Place) -> None:
    assert found(place) == {}
    create(place, FORWARD, "0")
    assert found(place) == {FORWARD: "0"}


def test_a_deleted_one_is_as_in_a_new_namespace_and_not_topo_s(place: Place) -> None:
    for name in (FORWARD, "net.ipv6.conf.all.ndisc_notify", "net.ipv4.conf.lo.arp_notify", "net.ipv4.neigh.lo.gc_stale_time"):
        with place.entered():
            before = sysctls.read(name)
        create(place, name, "1" if before == "0" else "0")
        delete(place, name)
        assert found(place) == {}
        with place.entered():
            assert sysctls.read(name) == ("1" if name.endswith("arp_notify") else before)


def test_killed_before_the_value_it_is_topo_s_all_the_same(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(name: str, value: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sysctls, "write", die)
    with pytest.raises(KeyboardInterrupt):
        create(place, FORWARD, "1")
    assert found(place) == {FORWARD: "0"}


def test_what_is_written_for_all_does_not_change_what_is_written_for_one(place: Place) -> None:
    create(place, "net.ipv4.conf.lo.forwarding", "0")
    create(place, FORWARD, "1")
    assert found(place) == {FORWARD: "1", "net.ipv4.conf.lo.forwarding": "0"}
    create(place, "net.ipv4.conf.lo.forwarding", "1")
    delete(place, FORWARD)
    assert found(place) == {"net.ipv4.conf.lo.forwarding": "1"}


def test_one_of_an_interface_that_is_gone_is_no_object_and_can_be_deleted(place: Place) -> None:
    sysctls.mark(WEB, "net.ipv4.conf.eth7.rp_filter", present=True)
    assert found(place) == {}
    delete(place, "net.ipv4.conf.eth7.rp_filter")
    assert sysctls.marks(WEB) == frozenset()


@pytest.mark.parametrize("name", ["kernel.hostname", "net..ipv4", "net./.ip_forward", "vm.swappiness"])
def test_settings_of_the_whole_machine_are_refused(place: Place, name: str) -> None:
    with pytest.raises(KernelError, match="is no setting of a network namespace"):
        create(place, name, "1")


def test_the_kernel_s_refusal_comes_through(place: Place) -> None:
    with pytest.raises(FileNotFoundError):
        create(place, "net.ipv4.no_such_thing", "1")
    with pytest.raises(OSError, match="Invalid argument"):
        create(place, FORWARD, "many")
