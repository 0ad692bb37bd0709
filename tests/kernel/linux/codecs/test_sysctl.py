"""Sysctls: written in the container alone, known as topo's, and given back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kernel.linux import small_lab
from tests.kernel.linux.codecs.looking import look
from topo.errors import KernelError
from topo.kernel.linux import folders, namespaces, remove, sysctls
from topo.kernel.linux.codecs.sysctl import CODEC
from topo.kernel.linux.place import Place
from topo.kernel.protocol import Operation
from topo.objects import mark
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
    things = [thing for thing in look(CODEC, LAB, place) if isinstance(thing, Sysctl)]
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
    for name in (FORWARD, "net.ipv4.conf.lo.arp_notify", "net.ipv4.neigh.lo.gc_stale_time"):
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


DEFAULT = "net.ipv4.conf.default.forwarding"


def test_what_is_written_for_all_leaves_the_settings_of_interfaces(place: Place) -> None:
    """They are written by the interface's own operations, before it or after it."""
    small_lab.sh(f"ip -n {WEB} link add ours group {mark.of_lab(LAB)} type veth peer name theirs")
    for name in (FORWARD, "net.ipv4.conf.all.forwarding", "net.ipv6.conf.all.disable_ipv6"):
        for interface, kept in (("lo", True), ("ours", True), ("theirs", False)):
            one = sysctls.of_interface(name, interface)
            create(place, name, "1")
            with place.entered():
                assert sysctls.read(one) == ("0" if kept else "1"), one
                sysctls.write(one, "1")
            delete(place, name)
            with place.entered():
                assert sysctls.read(one) == ("1" if kept else "0"), one
                sysctls.write(one, "0")


def test_the_default_keeps_its_value_when_it_is_topo_s(place: Place) -> None:
    create(place, FORWARD, "1")
    create(place, DEFAULT, "1")
    delete(place, FORWARD)
    assert found(place) == {DEFAULT: "1"}


def test_under_its_other_name_it_stays(place: Place) -> None:
    create(place, FORWARD, "1")
    create(place, "net.ipv4.conf.all.forwarding", "1")
    delete(place, FORWARD)
    assert found(place) == {"net.ipv4.conf.all.forwarding": "1"}


@pytest.mark.parametrize("name", [FORWARD, "net.ipv4.conf.all.rp_filter", "net.ipv6.conf.all.forwarding"])
def test_what_changes_a_whole_namespace_is_seen_whoever_wrote_it(place: Place, name: str) -> None:
    with place.entered():
        sysctls.write(name, "1")
    assert found(place) == {name: "1"}
    delete(place, name)
    assert found(place) == {}
    with place.entered():
        assert sysctls.read(name) == "0"
    create(place, name, "0")
    with place.entered():
        sysctls.write(name, "1")
    assert found(place) == {name: "1"}


def test_forwarding_is_one_setting_with_two_names(place: Place) -> None:
    create(place, "net.ipv4.conf.all.forwarding", "1")
    assert found(place) == {"net.ipv4.conf.all.forwarding": "1"}


def test_what_else_stands_among_the_marks_is_nobody_s(place: Place) -> None:
    create(place, FORWARD, "1")
    file = folders.sysctls(LAB) / WEB
    with file.open("ab") as marks:
        marks.write(b"evil\nnet\nnet.. ../../x \xff\xfe\0 net.ipv4.\0\nkernel.hostname\n")
    assert found(place) == {FORWARD: "1"}
    create(place, DEFAULT, "1")
    assert file.read_text().split() == sorted([FORWARD, DEFAULT])


def test_marks_that_are_a_folder_are_none(place: Place) -> None:
    (folders.sysctls(LAB) / WEB / "x").mkdir(parents=True)
    assert found(place) == {}
    create(place, FORWARD, "1")
    assert sysctls.marks(WEB) == {FORWARD}


REFUSED = {
    "net.ipv4.ip_forwrd": ("1", "has no setting net.ipv4.ip_forwrd", "did you mean net.ipv4.ip_forward?"),
    "net.foo.bar": ("1", "has no setting net.foo.bar", "module"),
    "net.ipv4.conf": ("1", "has no setting net.ipv4.conf", ""),
    "net.ipv4.ip_forward": ("yes", "refuses 'yes' for net.ipv4.ip_forward: Invalid argument", ""),
    "net.ipv4.tcp_congestion_control": ("nosuch", "refuses 'nosuch' for net.ipv4.tcp_congestion_control", ""),
    "net.ipv4.conf.eth0.rp_filte": ("1", "has no setting net.ipv4.conf.eth0.rp_filte", "net.ipv4.conf.eth0.rp_filter?"),
    "vm.swappiness": ("1", "only net.* is", "on the host"),
}


def test_what_the_kernel_does_not_take_is_known_before(place: Place) -> None:
    assert CODEC.check is not None
    good = [sysctl("net.ipv4.conf.eth0/100.rp_filter"), sysctl("net.ipv6.conf.eth0.disable_ipv6"), sysctl("net.ipv4.tcp_ecn")]
    bad = [sysctl(name, value) for name, (value, _, _) in REFUSED.items()]
    with place.entered():
        before = sysctls.read("net.ipv4.tcp_ecn")
    errors = CODEC.check([*good, *bad])
    assert errors.keys() == {f"containers/web/sysctls/{name}" for name in REFUSED}
    for name, (_, message, hint) in REFUSED.items():
        error = errors[f"containers/web/sysctls/{name}"]
        assert message in error.message
        assert hint in str(error.hint)
    with place.entered():
        assert sysctls.read("net.ipv4.tcp_ecn") == before
