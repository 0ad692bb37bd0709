"""The fake kernel refuses, forgets and dies as the real one does."""

from __future__ import annotations

import errno

import pytest
from msgspec.structs import replace

from topo.errors import LockTimeoutError, UsageError
from topo.kernel.fake import Entered, FakeKernel, Killed
from topo.kernel.protocol import Kernel, Operation, Scope
from topo.objects import Object
from topo.objects.address import Address
from topo.objects.bridge import Bridge
from topo.objects.file import File
from topo.objects.namespace import Namespace
from topo.objects.neighbour import Neighbour
from topo.objects.route import Route
from topo.objects.veth import End, Veth

FABRIC = Namespace(name="topo.t", owner="lab")
CONTAINER = Namespace(name="topo.t.a", owner="containers/a")
BRIDGE = Bridge(namespace="topo.t", owner="networks/n", name="n", mark=1, mac="02:00:00:00:00:01")
ADDRESS = Address(namespace="topo.t", owner="networks/n", interface="n", ip="10.0.0.1/24")
NEIGHBOUR = Neighbour(namespace="topo.t", owner="networks/n", interface="n", ip="10.0.0.2", mac="02:00:00:00:00:02")
VETH = Veth(
    namespace="topo.t.a",
    owner="containers/a",
    end=End("topo.t.a", "eth0", 2, "02:00:00:00:00:02"),
    peer=End("topo.t", "a.eth0", 3, "02:00:00:00:00:03", master="n", settings=None),
)


def do(kernel: FakeKernel, *steps: tuple[Object | None, Object | None]) -> list[int]:
    """Executes steps, and returns the errnos of those that were refused."""
    errors = []
    for number, (before, after) in enumerate(steps):
        thing = after or before
        assert thing is not None
        operation = Operation(number, thing.namespace, before, after, (), thing.address)
        errors += [failure.error.errno for failure in kernel.execute([operation])]
    return errors


@pytest.fixture
def kernel() -> FakeKernel:
    made = FakeKernel()
    assert not do(made, *((None, thing) for thing in (FABRIC, CONTAINER, BRIDGE, ADDRESS, NEIGHBOUR, VETH)))
    return made


def held(kernel: FakeKernel) -> set[Object]:
    return set(kernel.observe(Scope("t")).objects.values())


def test_it_is_a_kernel(kernel: FakeKernel) -> None:
    seam: Kernel = kernel
    assert seam.labs() == ("t",)
    assert seam.containers("t") == ("a",)
    assert held(kernel) == {FABRIC, CONTAINER, BRIDGE, ADDRESS, NEIGHBOUR, VETH}


def test_what_is_required_must_be_there() -> None:
    assert do(FakeKernel(), (None, BRIDGE)) == [errno.ENOENT]


def test_a_name_is_held_by_one(kernel: FakeKernel) -> None:
    assert do(kernel, (None, replace(BRIDGE, mark=9))) == [errno.EEXIST]
    assert do(kernel, (VETH, replace(VETH, peer=replace(VETH.peer, name="n")))) == [errno.EEXIST]


def test_every_operation_is_idempotent(kernel: FakeKernel) -> None:
    assert not do(kernel, (None, BRIDGE), (ADDRESS, None), (ADDRESS, None))
    assert do(kernel, (None, replace(BRIDGE, mtu=9000))) == [errno.EEXIST]
    assert do(kernel, (ADDRESS, replace(ADDRESS, owned=False))) == [errno.ENOENT]


def test_only_what_differs_is_set(kernel: FakeKernel) -> None:
    kernel.alter("t", BRIDGE, replace(BRIDGE, mtu=1400))
    assert not do(kernel, (BRIDGE, replace(BRIDGE, stp=True)))
    assert replace(BRIDGE, mtu=1400, stp=True) in held(kernel)


def test_what_stands_on_something_goes_with_it(kernel: FakeKernel) -> None:
    assert not do(kernel, (BRIDGE, None))
    assert held(kernel) == {FABRIC, CONTAINER, replace(VETH, peer=replace(VETH.peer, master=None))}
    assert not do(kernel, (CONTAINER, None))
    assert held(kernel) == {FABRIC}


def test_a_mac_takes_the_neighbours_along(kernel: FakeKernel) -> None:
    assert not do(kernel, (BRIDGE, replace(BRIDGE, mac="02:00:00:00:00:09")))
    assert NEIGHBOUR not in held(kernel)
    assert ADDRESS in held(kernel)


def test_what_is_on_a_link_follows_its_name(kernel: FakeKernel) -> None:
    assert not do(kernel, (BRIDGE, replace(BRIDGE, name="m")))
    assert {replace(ADDRESS, interface="m"), replace(VETH, peer=replace(VETH.peer, master="m"))} < held(kernel)


def test_it_refuses_on_request(kernel: FakeKernel) -> None:
    kernel.fail(1, errno.EBUSY)
    assert do(kernel, (ADDRESS, None), (NEIGHBOUR, None), (NEIGHBOUR, None)) == [errno.EBUSY]
    assert not {ADDRESS, NEIGHBOUR} & held(kernel)


def test_it_dies_on_request(kernel: FakeKernel) -> None:
    kernel.kill(1)
    with pytest.raises(Killed):
        do(kernel, (NEIGHBOUR, None), (ADDRESS, None))
    assert NEIGHBOUR not in held(kernel)
    assert ADDRESS in held(kernel)
    assert not do(kernel, (ADDRESS, None))


def test_labs_do_not_see_each_other(kernel: FakeKernel) -> None:
    with kernel.lock("u"):
        do(kernel, (None, Namespace(name="topo.u", owner="lab")), (None, File(path="hosts/n")))
    assert kernel.labs() == ("t", "u")
    assert len(kernel.observe(Scope("u")).objects) == 2
    assert not kernel.remove("t")
    assert kernel.labs() == ("u",)
    assert not kernel.observe(Scope("t")).objects


def test_a_part_of_a_lab(kernel: FakeKernel) -> None:
    seen = kernel.observe(Scope("t", namespaces=frozenset()))
    assert set(seen.objects.values()) == {FABRIC, BRIDGE, ADDRESS, NEIGHBOUR}


def test_a_lock_excludes(kernel: FakeKernel) -> None:
    with kernel.lock("t"), pytest.raises(LockTimeoutError), kernel.lock("t"):
        pass
    with kernel.lock("t"), kernel.lock("u"):
        pass


def test_processes(kernel: FakeKernel) -> None:
    kernel.run("t", "topo.t.a", 17, 18)
    assert kernel.processes(["topo.t", "topo.t.a"]) == {"topo.t.a": (17, 18)}
    kernel.remove("t")
    assert not kernel.processes(["topo.t.a"])


def test_enter(kernel: FakeKernel) -> None:
    with pytest.raises(Entered) as entered:
        kernel.enter("t", "a", ["ip", "link"])
    assert entered.value.args == ("t", "a", ("ip", "link"))
    with pytest.raises(UsageError):
        kernel.enter("t", "b", ["ip"])


def test_no_route_goes_by_a_gateway_that_is_an_address_of_its_own_namespace(kernel: FakeKernel) -> None:
    route = Route(namespace="topo.t", owner="lab", to="10.0.0.0/8", via="10.0.0.1", interface="n")
    assert do(kernel, (None, route)) == [errno.EINVAL]
    assert not do(kernel, (ADDRESS, None), (None, route))


def test_two_ends_in_one_namespace_have_two_names(kernel: FakeKernel) -> None:
    assert do(kernel, (None, replace(VETH, end=replace(VETH.end, namespace="topo.t", name="a.eth0", mark=8)))) == [errno.EEXIST]


def test_of_objects_with_one_key_the_one_that_is_most_alike_is_meant(kernel: FakeKernel) -> None:
    extra = replace(BRIDGE, name="m", mac="02:00:00:00:00:07", copy="m")
    kernel.alter("t", None, extra)
    assert not do(kernel, (replace(BRIDGE, copy="m"), None))
    assert extra in held(kernel)
    assert ADDRESS not in held(kernel)


def test_the_last_ipv4_address_takes_the_neighbours_along_and_ipv6_switched_off_all_of_ipv6(kernel: FakeKernel) -> None:
    ipv6 = replace(ADDRESS, ip="fd00::1/64"), replace(NEIGHBOUR, ip="fd00::2")
    assert not do(kernel, *((None, thing) for thing in ipv6), (ADDRESS, None))
    assert NEIGHBOUR not in held(kernel)
    assert set(ipv6) < held(kernel)
    assert not do(kernel, (BRIDGE, replace(BRIDGE, settings=replace(BRIDGE.settings, ipv6=False))))
    assert not set(ipv6) & held(kernel)
    assert do(kernel, (None, ipv6[0])) == [errno.ENOENT]
