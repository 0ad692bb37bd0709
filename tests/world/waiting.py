"""A condition -> its first true value, or a failed test at the deadline."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

T = TypeVar("T")


def wait_for(condition: Callable[[], T], within: float = 5.0, why: str = "") -> T:
    """Asks `condition` again until it is true, and returns that value. `within`: seconds, after which the test fails."""
    deadline = time.monotonic() + within
    while not (value := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"not within {within} s: {why or condition}", pytrace=False)
        time.sleep(0.005)
    return value
