"""What was touched is read again; what is not as asked for is named."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from tests.applier.labs import LARGE_MTU, ONLY_WEB, WEB_AND_DB, planned, state
from topo.applier import apply
from topo.applier.verification import part, touched
from topo.errors import KernelError, VerificationError
from topo.kernel.fake import FakeKernel
from topo.kernel.protocol import Failure, Operation, Scope
from topo.objects import State
from topo.objects.address import Address


class Lying(FakeKernel):
    """Says yes to an address, and keeps another one."""

    def execute(self, operations: Sequence[Operation]) -> Sequence[Failure]:
        return super().execute([self._bent(operation) for operation in operations])

    def _bent(self, operation: Operation) -> Operation:
        after = operation.after
        if isinstance(after, Address) and after.ip == "10.0.0.2/24":
            return replace(operation, after=replace(after, broadcast="10.0.0.254"))
        return operation


class Shut(FakeKernel):
    """In which all is there, and does not work."""

    def tried(self, desired: State) -> Sequence[KernelError]:  # noqa: ARG002
        return [KernelError("nothing gets out", hint="type: x"), KernelError("IPv6 neither", hint="type: x")]


class Looking(FakeKernel):
    """Remembers what was observed."""

    scopes: list[Scope] = []

    def observe(self, scope: Scope) -> State:
        self.scopes.append(scope)
        return super().observe(scope)


def test_what_is_there_and_does_not_work_is_said_each_time() -> None:
    kernel = Shut()
    for _ in range(2):
        report = apply(planned(kernel, WEB_AND_DB), kernel, desired=state(WEB_AND_DB))
        assert not report.verified
        assert isinstance(report.error, VerificationError)
        assert report.error.message == "the lab is up, but nothing gets out; IPv6 neither"
        assert report.error.hint == "type: x"
    assert not report.plan.changes


def test_what_is_not_as_asked_for_is_named() -> None:
    kernel = Lying()
    report = apply(planned(kernel, WEB_AND_DB), kernel, desired=state(WEB_AND_DB))
    assert not report.verified
    assert "containers/web/eth0/10.0.0.2/24" in report.differences
    assert isinstance(report.error, VerificationError)
    assert report.error.exit_code == 6
    assert "containers/web/eth0/10.0.0.2/24" in report.error.message


def test_only_what_was_touched_is_read_again() -> None:
    kernel = Looking()
    apply(planned(kernel, ONLY_WEB), kernel, desired=state(ONLY_WEB))
    plan = planned(kernel, WEB_AND_DB)
    kernel.scopes.clear()
    assert apply(plan, kernel, desired=state(WEB_AND_DB)).verified
    (scope,) = kernel.scopes
    assert scope.namespaces == {"topo.shop", "topo.shop.db"}


def test_both_ends_of_a_cable_are_touched() -> None:
    kernel = FakeKernel()
    apply(planned(kernel, WEB_AND_DB), kernel)
    assert touched(planned(kernel, LARGE_MTU)) == {"topo.shop", "topo.shop.web", "topo.shop.db"}


def test_a_part_has_nothing_that_reaches_out_of_it() -> None:
    whole = state(WEB_AND_DB)
    kept = part(whole, frozenset({"topo.shop", "topo.shop.web"}))
    addresses = {thing.address for thing in kept.objects.values()}
    assert "containers/web/eth0" in addresses
    assert "containers/db/eth0" not in addresses
    assert "containers/db" not in addresses
