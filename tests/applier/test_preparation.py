"""What the kernel does not take is an error of the file, with its place, before anything is touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from tests.applier.labs import planned, state
from topo.applier.preparation import prepared, prepared_again
from topo.errors import DocumentErrors, KernelError
from topo.kernel.fake import FakeKernel
from topo.objects import Object
from topo.objects.pair import Pair
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


PAIRS = """name: shop
networks:
  n:
    subnet: 10.0.0.0/24
    impair:
      - {from: b, to: a, delay: 1ms}
      - {from: c, to: a, delay: 1ms}
containers: {a: {networks: [n]}, b: {networks: [n]}, c: {networks: [n]}}
"""


class Single(FakeKernel):
    """Takes no `duplicate` where there are several."""

    def check(self, things: Iterable[Object]) -> Mapping[str, KernelError]:
        pairs = [thing for thing in things if isinstance(thing, Pair)]
        return {thing.address: KernelError("only alone") for thing in pairs if thing.duplicate and len(pairs) > 1}


@pytest.mark.parametrize("line", [6, 7])
def test_a_pair_is_asked_about_with_those_that_are_there(line: int) -> None:
    kernel = Single()
    for operation in prepared(state(PAIRS), kernel).operations:
        kernel.execute([operation])
    lines = PAIRS.splitlines()
    lines[line - 1] = lines[line - 1].replace("1ms", "1ms, duplicate: 1%")
    with pytest.raises(DocumentErrors) as raised:
        prepared(state("\n".join(lines)), kernel)
    assert [error.where.line for error in raised.value.errors if error.where] == [line]
    with pytest.raises(DocumentErrors):
        prepared_again(planned(kernel, "\n".join(lines)), kernel)
