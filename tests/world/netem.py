"""Whether the kernel has netem; where it has none, `scripts/vm` runs the tests that ask for it."""

from __future__ import annotations

import subprocess
from functools import cache

import pytest


@cache
def has_netem() -> bool:
    """Asked of tc(8), in the throw-away world."""
    tried = "tc qdisc add dev lo root netem delay 1ms && tc qdisc del dev lo root"
    return not subprocess.run(tried, shell=True, capture_output=True).returncode


def need_netem() -> None:
    """Skips the test without it."""
    if not has_netem():
        pytest.skip("this kernel has no netem: scripts/vm has one that does")
