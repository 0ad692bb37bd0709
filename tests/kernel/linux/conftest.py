"""`kernel`: the real one, with the small lab in it; the lab goes with the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kernel.linux import small_lab
from topo.kernel.linux import LinuxKernel


@pytest.fixture
def kernel() -> Iterator[LinuxKernel]:
    """Use it in tests that are marked live only."""
    real = LinuxKernel()
    small_lab.build(real, small_lab.lab())
    yield real
    assert real.remove(small_lab.LAB, grace=1.0) == []
