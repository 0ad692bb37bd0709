"""What the kernel does not take is an error of the file, with its place, before anything is touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from tests.applier.labs import planned, state
from topo.applier.preparation import prepared, prepared_again
from topo.errors import DocumentErrors, KernelError
from topo.kernel.fake import FakeKernel
from topo.objects import Object
from topo.objects.sysctl import Sysctl

TUNED = """name: shop
containers:
  web:
    sysctls: {net.ipv4.tcp_ecn: 1}
  db:
    replicas: 2
    sysctls:
      net.ipv4.ip_forwrd: 1
      net.ipv4.tcp_ecn: 0
"""


class Picky(FakeKernel):
    """Knows no setting that is misspelt."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def check(self, things: Iterable[Object]) -> Mapping[str, KernelError]:
        sysctls = [thing for thing in things if isinstance(thing, Sysctl)]
        self.asked = [thing.address for thing in sysctls]
        wrong = (thing for thing in sysctls if "forwrd" in thing.name)
        return {thing.address: KernelError(f"no {thing.name}", hint="ip_forward?") for thing in wrong}


def test_it_is_said_once_with_the_place_in_the_file() -> None:
    kernel = Picky()
    with pytest.raises(DocumentErrors) as raised:
        prepared(state(TUNED), kernel)
    (error,) = raised.value.errors
    assert error.where is not None
    assert (error.where.line, error.message, error.hint) == (8, "no net.ipv4.ip_forwrd", "ip_forward?")
    assert raised.value.exit_code == 3
    assert kernel.executed == []


def test_the_same_of_a_plan_that_was_saved() -> None:
    kernel = Picky()
    saved = planned(kernel, TUNED)
    with pytest.raises(DocumentErrors):
        prepared_again(saved, kernel)


def test_only_what_the_file_asks_for_and_is_not_there_is_tried() -> None:
    kernel = Picky()
    right = TUNED.replace("forwrd", "forward")
    for operation in prepared(state(right), kernel).operations:
        kernel.execute([operation])
    assert "containers/web/sysctls/net.ipv4.tcp_ecn" in kernel.asked
    assert not [address for address in kernel.asked if address.startswith("lab/")]
    prepared(state(right.replace("ip_forward: 1", "ip_forward: 0")), kernel)
    assert [address.partition("/sysctls/")[2] for address in kernel.asked] == ["net.ipv4.ip_forward"] * 2
