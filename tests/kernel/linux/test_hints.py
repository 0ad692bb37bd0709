"""A machine that cannot run a lab says so, and what to do."""

from __future__ import annotations

import os
from collections.abc import Collection
from types import SimpleNamespace

import pytest

from tests.kernel.linux.small_lab import LAB
from topo.errors import KernelError
from topo.kernel.linux import LinuxKernel, hints
from topo.kernel.protocol import Scope
from topo.objects.state import ALL_FEATURES, LIVE_RENAME


def boot(monkeypatch: pytest.MonkeyPatch, release: str) -> None:
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(release=release))


def test_an_old_kernel_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    boot(monkeypatch, "5.15.0-91-generic")
    with pytest.raises(KernelError, match=r"5\.15\.0-91-generic is too old: topo needs 5\.18"):
        LinuxKernel().observe(Scope("nowhere"))


@pytest.mark.parametrize(
    ("release", "able"),
    [("6.1.0-18-amd64", set()), ("6.2", {LIVE_RENAME}), ("6.18.44-x", ALL_FEATURES), ("7.0.1", ALL_FEATURES)],
)
def test_what_not_every_kernel_can(monkeypatch: pytest.MonkeyPatch, release: str, able: Collection[str]) -> None:
    boot(monkeypatch, release)
    assert hints.features() == able
    assert LinuxKernel().observe(Scope("nowhere")).features == able


@pytest.mark.live
def test_who_is_not_root_is_told_to_be(kernel: LinuxKernel) -> None:
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.setuid(65534)
        try:
            said = str(kernel.observe(Scope(LAB)))
        except KernelError as error:
            said = f"{error}\n{error.hint}"
        except BaseException as error:
            said = repr(error)
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read) as pipe:
        message, hint = pipe.read().split("\n")
    assert (message, hint) == ("cannot read the lab small: Operation not permitted", "run it as root, for example with sudo")
